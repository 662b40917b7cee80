import { PassThrough } from 'node:stream';
import type { App, Context } from '../context.js';
import { isFinished, type Job } from '../job.js';
import { findJob, idSchema } from './predictions.js';

/** Proxies close connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;

/** A job's stages as server-sent events, those of the past first; the stream ends with the job. */
export function addEvents(app: App, context: Context): void {
  app.get(
    '/predictions/:id/events',
    {
      // A compressor would hold events back until it has enough of them.
      compress: false,
      schema: {
        tags: ['predictions'],
        summary: "A prediction's stages as server-sent events",
        description:
          'One event `stage` a stage: queued, read, segmented, classified, done or failed; its data is JSON with `stage` and `at`, its id the ' +
          "stage's number. The stream ends after the last one.",
        produces: ['text/event-stream'],
        params: idSchema,
      },
    },
    async (request, reply) => {
      const job = findJob(context, request.params.id, request.owner);
      const last = Number(request.headers['last-event-id'] ?? -1);
      const stream = new PassThrough();
      let sent = Number.isInteger(last) ? last + 1 : 0;
      const send = (current: Job | undefined) => {
        for (; current !== undefined && sent < current.stages.length; sent++) {
          stream.write(`id: ${sent}\nevent: stage\ndata: ${JSON.stringify(current.stages[sent])}\n\n`);
        }
        if (current === undefined || isFinished(current)) stream.end();
      };
      const unwatch = context.runner.watch(job.id, send);
      const heartbeat = setInterval(() => stream.write(': waiting\n\n'), HEARTBEAT_MS);
      stream.once('close', () => {
        unwatch();
        clearInterval(heartbeat);
      });
      send(job);
      return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
    },
  );
}
