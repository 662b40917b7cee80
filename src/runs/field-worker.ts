/** Runs in a worker thread: one field of view to its folder of results. */
import type { FieldSource, Moved } from '../io/index.js';
import { type FieldOptions, type FinishedField, finishField } from './finish-field.js';
import { openPredictionSetup, type PredictionSetup } from './prediction-setup.js';
import { toProblem } from './problems.js';

export interface FieldTask extends Pick<FieldOptions, 'out' | 'pixelSizes' | 'edge' | 'pictures'> {
  readonly source: FieldSource;
  /** The same for all tasks of a thread. */
  readonly setup: PredictionSetup;
  /** Threads of its own that the ONNX runtime may use. */
  readonly runtimeThreads: number;
}

/** Error classes do not survive the way between threads: a failure is its code and message. */
export type FieldAnswer =
  | FinishedField
  | { readonly problem: { readonly code: string; readonly message: string } };

let opened: ReturnType<typeof openPredictionSetup> | null = null;

export default async function work(task: FieldTask): Promise<Moved<FieldAnswer>> {
  const { source, setup, runtimeThreads } = task;
  try {
    opened ??= openPredictionSetup(setup, { threads: runtimeThreads });
    return { result: await finishField(source, { ...task, ...(await opened) }, () => {}), moved: [] };
  } catch (error) {
    const { code, message } = toProblem(error, source.id);
    return { result: { problem: { code, message } }, moved: [] };
  }
}
