import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';

const REGISTER_TSX = new URL('../../scripts/register-tsx.mjs', import.meta.url).href;

/** What a worker's function returns: its result, and the buffers in it that change hands instead of being copied. */
export interface Moved<Result> {
  readonly result: Result;
  readonly moved: readonly ArrayBuffer[];
}

/** Worker threads that all run one function, the default export of a module: from a task to `Moved<Result>`. */
export interface WorkerPool<Task, Result> {
  readonly threads: number;
  /**
   * Runs a task in the next free thread. What the function throws arrives as a plain Error: expected failures are
   * returned, not thrown.
   * @param moved buffers and ports that change hands instead of being copied; the caller can no longer use them
   * @param signal ends the task's thread, which is replaced. Only for threads that hang in JavaScript: one that is ended within a native
   *   call, such as a network's, takes the whole process with it
   */
  run(task: Task, moved?: readonly (ArrayBuffer | MessagePort)[], signal?: AbortSignal): Promise<Result>;
  /** Gives up the tasks that wait, lets those that run come to their end, and ends the threads. */
  close(): Promise<void>;
}

/**
 * Worker threads, started by the first task.
 * @param module URL of the module as the built program sees it (`./x.js`); run from source, the `.ts` beside it is taken
 * @param threads @default one a core
 */
export function openWorkerPool<Task, Result>(
  module: URL,
  threads: number = availableParallelism(),
): WorkerPool<Task, Result> {
  const fromSource = import.meta.url.endsWith('.ts');
  const runnable = (url: URL) => (fromSource ? url.href.replace(/\.js$/, '.ts') : url.href);
  const start = () =>
    new Piscina<Task, Result>({
      filename: fileURLToPath(runnable(new URL('./worker-entry.js', import.meta.url))),
      workerData: { module: runnable(module) },
      minThreads: threads,
      maxThreads: threads,
      ...(fromSource ? { execArgv: ['--import', REGISTER_TSX] } : {}),
    });
  let pool: Piscina<Task, Result> | null = null;
  let closed = false;
  // The queue is kept here: piscina cannot tell tasks that wait from those that run, and its close() ends the latter.
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<unknown>>();
  return {
    threads,
    async run(task, moved = [], signal) {
      while (running.size >= threads && !closed) await new Promise<void>((resolve) => waiting.push(resolve));
      if (closed) throw new Error('the pool of threads was closed before the task began');
      pool ??= start();
      const result = pool.run(task, { transferList: [...moved], ...(signal ? { signal } : {}) });
      const ended = Promise.allSettled([result]);
      running.add(ended);
      try {
        return await result;
      } finally {
        running.delete(ended);
        waiting.shift()?.();
      }
    },
    async close() {
      closed = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all(running);
      await pool?.destroy();
    },
  };
}
