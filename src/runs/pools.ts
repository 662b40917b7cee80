import { openWorkerPool, type WorkerPool } from '../io/index.js';
import type { DocumentTask } from './document-worker.js';
import type { PredictionOutcome, PredictionTask, WarmUp } from './prediction-worker.js';

export type PredictionPool = WorkerPool<PredictionTask | WarmUp, PredictionOutcome>;
export type DocumentPool = WorkerPool<DocumentTask, { path: string }>;

/** Threads that predict a field each, as `runPrediction` does. */
export function openPredictionPool(threads: number): PredictionPool {
  return openWorkerPool(new URL('./prediction-worker.js', import.meta.url), threads);
}

/** Threads that make documents of predicted fields. */
export function openDocumentPool(threads: number): DocumentPool {
  return openWorkerPool(new URL('./document-worker.js', import.meta.url), threads);
}
