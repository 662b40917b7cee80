import { openWorkerPool, type WorkerPool } from '../io/index.js';
import type { PredictionOutcome, WorkerTask } from './prediction-worker.js';

export type PredictionPool = WorkerPool<WorkerTask, PredictionOutcome>;

/** Threads that predict a field each, as `runPrediction` does, and make documents of predicted fields. */
export function openPredictionPool(threads: number): PredictionPool {
  return openWorkerPool(new URL('./prediction-worker.js', import.meta.url), threads);
}
