// The first module of every worker thread: loads the one that does the work and hands its results over.
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import type { Moved } from './worker-pool.js';

const { module }: { module: string } = workerData;

export default async function runTask(task: unknown): Promise<unknown> {
  const { default: work }: { default: (task: unknown) => Moved<object> | Promise<Moved<object>> } =
    await import(module);
  const { result, moved } = await work(task);
  // Piscina takes this apart before it posts it: the caller of `run` gets the result itself.
  return move({ [transferableSymbol]: moved, [valueSymbol]: result });
}
