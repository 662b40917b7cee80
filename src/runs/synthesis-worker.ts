// Runs in a worker thread: one synthetic field, simulated and written.
import sharp from 'sharp';
import type { Moved } from '../io/index.js';
import { toProblem } from './problems.js';
import { type FieldOrder, type FieldTruth, syntheticId, writeSyntheticField } from './synthesis-field.js';

/** What the thread answers. Error classes do not survive the way between threads, so a failure is an answer too. */
export type FieldAnswer =
  | { readonly truth: FieldTruth }
  | { readonly problem: { readonly code: string; readonly message: string } };

// One thread a worker: as many workers as processors would otherwise start that many squared.
sharp.concurrency(1);

export default async function makeField(order: FieldOrder): Promise<Moved<FieldAnswer>> {
  try {
    return { result: { truth: await writeSyntheticField(order) }, moved: [] };
  } catch (error) {
    const { code, message } = toProblem(error, syntheticId(order.settings, order.index));
    return { result: { problem: { code, message } }, moved: [] };
  }
}
