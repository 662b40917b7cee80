import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App, Context } from '../context.js';
import { isFinished, type Job, withStage } from '../job.js';
import { describeProblem, HttpProblem, problemSchema } from '../problem.js';
import { describePrediction, predictionSchema } from '../result.js';
import { receiveUpload, type Upload } from '../upload.js';

export const idSchema = z.object({ id: z.uuid() });

/** Uploads, their predictions, and their end. */
export function addPredictions(app: App, context: Context): void {
  const { store, runner, limits, metrics } = context;

  app.post(
    '/predictions',
    {
      schema: {
        tags: ['predictions'],
        summary: 'Outline and locate the cells of one field of view',
        description:
          'Parts `red` (microtubules), `green` (protein), `blue` (nuclei) and `yellow` (ER, may be missing), or `composite`: PNG, JPEG ' +
          'or TIFF; or `image`: one OME-TIFF. A small field is answered with its result (200), a large one with a job (202). `Prefer: respond-async` asks for a job in any case.',
        consumes: ['multipart/form-data'],
        response: { 200: predictionSchema, 202: predictionSchema, '4xx': problemSchema, 503: problemSchema },
      },
    },
    async (request, reply) => {
      const place = runner.reserve();
      if (place === null) {
        metrics.refused();
        throw new HttpProblem(
          'queue-full',
          'as many fields wait as the queue holds; send this one again later',
          // The connection stays: Node reads and drops the body, so that the sender lives to see the answer.
          { 'retry-after': `${runner.retrySeconds()}` },
        );
      }
      try {
        const job = await accept(request, context);
        place();
        runner.add(job);
        return await answer(request, reply, job, context);
      } finally {
        place();
      }
    },
  );

  app.get(
    '/predictions',
    {
      schema: {
        tags: ['predictions'],
        summary: 'Predictions that are kept, the newest first',
        response: {
          200: z.array(predictionSchema.pick({ id: true, field: true, state: true, stages: true })),
        },
      },
    },
    async ({ owner }) =>
      store
        .list()
        .filter((job) => job.owner === owner)
        .reverse()
        .map(({ id, field, state, stages }) => ({ id, field, state, stages })),
  );

  app.get(
    '/predictions/:id',
    {
      schema: {
        tags: ['predictions'],
        summary: 'A prediction: its state and, where it is done, its result',
        params: idSchema,
        response: { 200: predictionSchema, '4xx': problemSchema },
      },
    },
    async (request) => {
      const job = findJob(context, request.params.id, request.owner);
      return describePrediction(job, store.folderOf(job.id));
    },
  );

  app.delete(
    '/predictions/:id',
    {
      schema: {
        tags: ['predictions'],
        summary: 'Give a prediction up, and remove all its files',
        params: idSchema,
        response: { 204: z.null(), '4xx': problemSchema },
      },
    },
    async (request, reply) => {
      const job = findJob(context, request.params.id, request.owner);
      await store.remove(job.id, () => runner.cancel(job.id));
      if (!isFinished(job)) metrics.jobDone('deleted', 0);
      return reply.code(204).send(null);
    },
  );

  /** Longest wait of this request for its job's end. */
  function waitSeconds(request: FastifyRequest, { width, height }: Upload | Job): number {
    const preference = String(request.headers.prefer ?? '');
    if (/\brespond-async\b/.test(preference)) return 0;
    return width * height <= limits.syncPixels ? limits.waitSeconds : 0;
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, accepted: Job, { runner }: Context) {
    const wait = waitSeconds(request, accepted);
    const job = (wait > 0 ? await runner.finished(accepted.id, wait) : store.get(accepted.id)) ?? accepted;
    reply.header('location', `/api/v1/predictions/${job.id}`);
    if (job.problem !== null) {
      // Nobody needs to ask for it again: the answer says all.
      await store.remove(job.id);
      const { code, detail } = job.problem;
      const problem = describeProblem(code, detail);
      return reply.code(problem.status).type('application/problem+json').send(problem);
    }
    return reply
      .code(job.state === 'done' ? 200 : 202)
      .send(await describePrediction(job, store.folderOf(job.id)));
  }
}

/** Receives an upload and makes a job of it; on any failure nothing is left of it. */
async function accept(request: FastifyRequest, { store, limits }: Context): Promise<Job> {
  const { id, folder } = await store.open();
  try {
    const { field, options, width, height } = await receiveUpload(request, `${folder}/input`, limits);
    const job = withStage(
      {
        ...{ id, field, options, width, height, owner: request.owner },
        ...{ state: 'queued', stages: [], attempts: 0, problem: null, corrections: {} },
      },
      'queued',
    );
    await store.save(job);
    return job;
  } catch (error) {
    await store.remove(id);
    throw error;
  }
}

/**
 * The job of that id, where it belongs to who asks.
 * @throws HttpProblem `prediction-unknown`
 */
export function findJob({ store }: Context, id: string, owner: string | null): Job {
  const job = store.get(id);
  if (job !== undefined && job.owner === owner) return job;
  throw new HttpProblem(
    'prediction-unknown',
    `there is no prediction ${id}; it may have been deleted, or its time is over`,
  );
}

/**
 * The same, done.
 * @throws HttpProblem `prediction-unknown`, `prediction-unfinished`
 */
export function findDone(context: Context, id: string, owner: string | null): Job {
  const job = findJob(context, id, owner);
  if (job.state === 'done') return job;
  throw new HttpProblem(
    'prediction-unfinished',
    `the prediction is ${job.state}; its files are there once it is done`,
  );
}
