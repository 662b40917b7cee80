import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { move, Piscina, transferableSymbol, valueSymbol } from 'piscina';

const REGISTER_TSX = new URL('../../scripts/register-tsx.mjs', import.meta.url).href;

/** Worker threads that all run one function, the default export of a module. */
export interface WorkerPool<Task, Result> {
  readonly threads: number;
  /**
   * Runs a task in the next free thread. What the function throws arrives as a plain Error: expected failures are
   * returned, not thrown.
   * @param moved buffers that change hands instead of being copied; the caller can no longer use them
   */
  run(task: Task, moved?: readonly ArrayBuffer[]): Promise<Result>;
  /** Ends the threads; tasks that wait or run are given up. */
  close(): Promise<void>;
}

/**
 * Starts worker threads.
 * @param module URL of the module as the built program sees it (`./x.js`); run from source, the `.ts` beside it is taken
 * @param threads @default one a core
 */
export function openWorkerPool<Task, Result>(
  module: URL,
  threads: number = availableParallelism(),
): WorkerPool<Task, Result> {
  const fromSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(module);
  const pool = new Piscina<Task, Result>({
    filename: fromSource ? filename.replace(/\.js$/, '.ts') : filename,
    minThreads: threads,
    maxThreads: threads,
    ...(fromSource ? { execArgv: ['--import', REGISTER_TSX] } : {}),
  });
  return {
    threads,
    run: (task, moved = []) => pool.run(task, { transferList: [...moved] }),
    close: () => pool.destroy(),
  };
}

/** Marks a worker's result so that its buffers are handed over, not copied. */
export function moveResult<Result extends object>(result: Result, buffers: readonly ArrayBuffer[]): Result {
  const movable = {
    [transferableSymbol]: buffers,
    [valueSymbol]: result,
  };
  // Piscina unwraps it before it is posted, so the caller of `run` gets the result itself.
  return move(movable) as unknown as Result;
}
