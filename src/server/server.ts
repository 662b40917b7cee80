import { resolve } from 'node:path';
import { UsageError } from '../common/index.js';
import { showModel } from '../runs/index.js';
import { createApp } from './app.js';
import type { App } from './context.js';
import { isLoopback } from './guard.js';
import { isFinished, type Job, withStage } from './job.js';
import { readApiKeys } from './keys.js';
import { createMetrics, type Metrics } from './metrics.js';
import type { ServerOptions } from './options.js';
import { createRunner, MOST_ATTEMPTS, type Runner } from './runner.js';
import { type JobStore, openJobStore } from './store.js';

export interface Server {
  /** `http://HOST:PORT` */
  readonly address: string;
  /** Ends the server; jobs that are not done go on when it is started again. */
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;

/**
 * Starts the server: takes up the jobs that an earlier one left, and listens.
 * @throws UsageError `keys-needed` where it would listen beyond this machine without API keys; InputError `keys-format`,
 *   `not-writable`, `file-*`; ModelError where the model is none
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, port, workers, model, limits } = options;
  const loopbackOnly = isLoopback(host);
  if (!loopbackOnly && options.keys === null && !options.open) {
    throw new UsageError(
      'keys-needed',
      `serve: listening on ${host} would let everyone in the network use the server; give --api-keys FILE, or --open to want just that`,
    );
  }
  const keys = options.keys === null ? null : await readApiKeys(options.keys);
  const models = await Promise.all([showModel(resolve(model)), showModel('nuclei'), showModel('cells')]);
  const store = await openJobStore(resolve(options.store));
  const metrics: Metrics = createMetrics(() => ({
    waiting: runner.waiting,
    running: runner.running,
    storedBytes: store.bytes(),
  }));
  const sweep = () => store.sweep(limits.keepSeconds, limits.storeBytes);
  const runner: Runner = createRunner({
    ...{ store, workers, model: resolve(model), queue: limits.queue, jobSeconds: limits.jobSeconds },
    onEnd(job, seconds, error) {
      metrics.jobDone(job.problem === null && error === null ? 'done' : 'failed', seconds);
      if (error !== null) app.log.error({ job: job.id, err: error }, 'a job ended unexpectedly');
    },
  });
  const app = await createApp(
    { store, runner, metrics, limits, models: named(models), model: resolve(model) },
    { keys, loopbackOnly, log: options.log },
  );
  await sweep();
  await takeUp(store, runner);
  const sweeping = setInterval(
    () => {
      sweep().catch((error: unknown) => app.log.error(error, 'results could not be tidied up'));
    },
    Math.min(SWEEP_MS, Math.max(1000, limits.keepSeconds * 1000)),
  );
  runner.warmUp().catch((error: unknown) => app.log.warn(error, 'the workers could not be warmed up'));
  const address = await listen(app, host, port);
  return {
    address,
    async close() {
      clearInterval(sweeping);
      // Uploads and event streams would keep the server up.
      app.server.closeAllConnections();
      await app.close();
      await runner.close();
    },
  };
}

async function listen(app: App, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const advice =
      code === 'EADDRINUSE'
        ? 'another program listens there; choose another --port'
        : 'choose another --host or --port';
    throw new UsageError('address-unusable', `serve: cannot listen on ${host}:${port} (${code}): ${advice}`, {
      cause,
    });
  }
}

/** Of a network only its file's name is told. */
function named(models: Awaited<ReturnType<typeof showModel>>[]) {
  return models.map((facts) => ({ ...facts, name: facts.name.split(/[\\/]/).at(-1) ?? facts.name }));
}

/** Queues the jobs that were accepted and not finished; those that were begun too often fail. */
async function takeUp(store: JobStore, runner: Runner): Promise<void> {
  for (const job of store.list().filter((found) => !isFinished(found))) {
    if (job.attempts < MOST_ATTEMPTS) {
      const stages = job.stages.filter(({ stage }) => stage === 'queued');
      const again: Job = { ...job, state: 'queued', stages };
      await store.save(again);
      runner.add(again);
      continue;
    }
    const detail = `the server stopped ${job.attempts} times during the work on this field, which may be the reason`;
    await store.removeInput(job.id);
    await store.save(
      withStage({ ...job, state: 'failed', problem: { code: 'job-interrupted', detail } }, 'failed'),
    );
  }
}
