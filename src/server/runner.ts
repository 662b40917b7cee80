import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { ASSUMED_PIXEL_SIZES } from '../io/index.js';
import {
  type DocumentName,
  type DocumentTask,
  openPredictionPool,
  type PredictionStage,
  writeDocument,
} from '../runs/index.js';
import { channelNamesOf, isFinished, type Job, withStage } from './job.js';
import { isAboutImages } from './problem.js';
import { FIELD_ID } from './result.js';
import type { JobStore } from './store.js';

export interface RunnerOptions {
  readonly store: JobStore;
  readonly workers: number;
  readonly model: string;
  readonly queue: number;
  readonly jobSeconds: number;
  /** A job ended; `error` is what was not expected. */
  onEnd(job: Job, seconds: number, error: unknown): void;
}

/** Works the jobs of the store off, first come first served, in worker threads. */
export interface Runner {
  /** Starts the threads and lets them load what they need. */
  warmUp(): Promise<void>;
  /** Takes a place in the queue for an upload; null where it is full. Give it back when the upload is over. */
  reserve(): (() => void) | null;
  /** Adds a job that is in the store. */
  add(job: Job): void;
  /** Gives a job up, waiting or running; over once its thread no longer works on it. */
  cancel(id: string): Promise<void>;
  /** The job when it is finished, or as it is after `seconds`. */
  finished(id: string, seconds: number): Promise<Job | undefined>;
  /** Calls back at every change of a job, with the job, until the returned function is called. */
  watch(id: string, changed: (job: Job | undefined) => void): () => void;
  /** Makes a document of a done job; a thread takes it up before the next job. */
  makeDocument(task: DocumentTask): Promise<void>;
  readonly waiting: number;
  readonly running: number;
  /** Expected seconds until a place in the queue is free. */
  retrySeconds(): number;
  /** Ends the threads once they are done with their fields; the jobs stay in the store and are taken up by the next server. */
  close(): Promise<void>;
}

/** A job that was begun so often and never ended is not begun again: it may be what stops the server. */
export const MOST_ATTEMPTS = 3;
const TABLES: readonly DocumentName[] = ['cells.csv', 'fields.csv'];
/** A thread that is this much later than a job's time hangs, and is ended. */
const HANG_SECONDS = 60;
/** Until a job was measured. */
const FIRST_GUESS_SECONDS = 5;

export function createRunner(options: RunnerOptions): Runner {
  const { store, workers } = options;
  const pool = openPredictionPool(workers);
  const changes = new EventEmitter().setMaxListeners(0);
  const waiting: string[] = [];
  const running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();
  let reserved = 0;
  let closed = false;
  let meanSeconds = FIRST_GUESS_SECONDS;

  const tellChange = (job: Job) => {
    if (store.get(job.id) !== undefined) changes.emit(job.id, job);
  };
  const save = async (job: Job) => {
    await store.save(job);
    tellChange(job);
  };

  const next = () => {
    while (!closed && running.size < workers) {
      const id = waiting.shift();
      const job = id === undefined ? undefined : store.get(id);
      if (id === undefined) return;
      if (job === undefined) continue;
      const abort = new AbortController();
      const ended = work(job, abort.signal).finally(() => {
        running.delete(id);
        next();
      });
      running.set(id, { abort, ended });
    }
  };

  const work = async (queued: Job, signal: AbortSignal) => {
    const start = performance.now();
    let job: Job = { ...queued, state: 'running', attempts: queued.attempts + 1 };
    let problem: Job['problem'] = null;
    let unexpected: unknown = null;
    let timedOut = false;
    // A thread within a network cannot be ended; a job that is given up leaves it to come to its end.
    let threadEnd: Promise<unknown> = Promise.resolve();
    try {
      await save(job);
      const { outcome: given, ended } = predict(job, signal, (stage) => {
        job = withStage(job, stage);
        store.note(job);
        tellChange(job);
      });
      threadEnd = ended;
      const outcome = await given;
      if (outcome.problem !== null) {
        const { code, message } = outcome.problem;
        if (!isAboutImages(code)) throw new Error(`${code}: ${message}`);
        problem = { code, detail: publicText(message, join(store.folderOf(job.id), 'input')) };
      }
    } catch (error) {
      if (closed || store.get(job.id) === undefined) {
        await threadEnd;
        return;
      }
      timedOut = signal.aborted || (error instanceof Error && error.name === 'TimeoutError');
      if (!timedOut) unexpected = error;
      problem = timedOut
        ? {
            code: 'job-timeout',
            detail: `the field was not done after ${options.jobSeconds} s; give a smaller one`,
          }
        : { code: 'internal', detail: 'the work on the field ended unexpectedly' };
    }
    const seconds = (performance.now() - start) / 1000;
    meanSeconds += (seconds - meanSeconds) / 5;
    const state = problem === null ? 'done' : 'failed';
    const final = withStage({ ...job, state, problem }, state);
    try {
      if (timedOut) await save(final);
      await threadEnd;
      await store.removeInput(job.id);
      if (!timedOut) await save(final);
    } catch (error) {
      unexpected ??= error;
    }
    options.onEnd(job, seconds, unexpected);
  };

  /** The outcome, or an error as soon as the job is given up or its time is over; and the end of the thread's work. */
  const predict = (job: Job, cancelled: AbortSignal, tell: (stage: PredictionStage) => void) => {
    const { port1, port2 } = new MessageChannel();
    port2.on('message', tell);
    const folder = store.folderOf(job.id);
    const { segmenter, edge, pixelSizeUm, overlay, channels } = job.options;
    const task = {
      kind: 'predict' as const,
      ...{ segmenter, edge, model: options.model, port: port1 },
      input: join(folder, 'input'),
      out: join(folder, 'result'),
      pixelSizes: pixelSizeUm === null ? ASSUMED_PIXEL_SIZES : { kind: 'given' as const, pixelSizeUm },
      channelNames: channelNamesOf(channels) ?? undefined,
      pictures: overlay ? (['overlay'] as const) : [],
    };
    const hangs = AbortSignal.timeout((options.jobSeconds + HANG_SECONDS) * 1000);
    const work = pool.run(task, [port1], hangs);
    const givenUp = AbortSignal.any([cancelled, AbortSignal.timeout(options.jobSeconds * 1000)]);
    const outcome = Promise.race([work, rejection(givenUp)]).finally(async () => {
      // The last stages may still be under way.
      await new Promise((resolve) => setImmediate(resolve));
      port2.close();
    });
    return { outcome, ended: Promise.allSettled([work]) };
  };

  return {
    async warmUp() {
      await Promise.all(
        Array.from({ length: workers }, () => pool.run({ kind: 'warm-up', model: options.model })),
      );
    },
    reserve() {
      if (waiting.length + reserved >= options.queue) return null;
      reserved++;
      let given = false;
      return () => {
        if (!given) reserved--;
        given = true;
      };
    },
    add(job) {
      waiting.push(job.id);
      next();
    },
    async cancel(id) {
      const at = waiting.indexOf(id);
      if (at >= 0) waiting.splice(at, 1);
      const job = running.get(id);
      job?.abort.abort();
      changes.emit(id, undefined);
      await job?.ended;
    },
    async finished(id, seconds) {
      const signal = AbortSignal.timeout(seconds * 1000);
      for (let job = store.get(id); job !== undefined && !isFinished(job); job = store.get(id)) {
        try {
          await once(changes, id, { signal });
        } catch {
          // The time is over.
          break;
        }
      }
      return store.get(id);
    },
    watch(id, changed) {
      changes.on(id, changed);
      return () => void changes.off(id, changed);
    },
    async makeDocument(task) {
      // Tables are some lines; the others walk through label images, which would hold up all answers.
      if (TABLES.includes(task.document)) await writeDocument(task);
      else await pool.run({ kind: 'document', ...task });
    },
    get waiting() {
      return waiting.length + reserved;
    },
    get running() {
      return running.size;
    },
    retrySeconds: () => Math.max(1, Math.ceil((meanSeconds * (waiting.length + 1)) / workers)),
    async close() {
      closed = true;
      for (const { abort } of running.values()) abort.abort();
      await pool.close();
    },
  };
}

/** Never fulfilled; rejected with the signal's reason. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** A message of `predict` without the names that files and the field have on disk. */
export function publicText(message: string, inputFolder: string): string {
  return message
    .replaceAll(`${inputFolder}/`, '')
    .replaceAll(/\bfield\.ome\.tif\b/g, 'image')
    .replaceAll(/\bfield_blue_red_green\.\w+/g, 'composite')
    .replaceAll(/\bfield_(red|green|blue|yellow)\.\w+/g, '$1')
    .replaceAll(`field ${FIELD_ID}: `, '');
}
