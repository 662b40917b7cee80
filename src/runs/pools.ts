import { openWorkerPool, type WorkerPool } from '../io/index.js';
import type { FieldAnswer, FieldTask } from './field-worker.js';
import type { PredictionOutcome, WorkerTask } from './prediction-worker.js';

export type PredictionPool = WorkerPool<WorkerTask, PredictionOutcome>;

/** Threads that predict a field each, as `runPrediction` does, and make documents of predicted fields. */
export function openPredictionPool(threads: number): PredictionPool {
  return openWorkerPool(new URL('./prediction-worker.js', import.meta.url), threads);
}

export type FieldPool = WorkerPool<FieldTask, FieldAnswer>;

/** Threads that finish a field each, all with one setup. */
export function openFieldPool(threads: number): FieldPool {
  return openWorkerPool(new URL('./field-worker.js', import.meta.url), threads);
}
