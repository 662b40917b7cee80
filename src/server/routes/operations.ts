import { z } from 'zod';
import { VERSION } from '../../runs/index.js';
import type { App, Context } from '../context.js';
import { describeProblem, HttpProblem, isProblemCode, PROBLEMS, problemSchema } from '../problem.js';

/** Routes for who runs the server. */
export function addOperations(app: App, { runner, metrics, limits }: Context): void {
  app.get(
    '/health',
    {
      config: { open: true, rateLimit: false },
      schema: {
        tags: ['operations'],
        summary: 'The server lives',
        response: { 200: z.object({ status: z.literal('ok'), version: z.string() }) },
      },
    },
    async () => ({ status: 'ok' as const, version: VERSION }),
  );
  app.get(
    '/ready',
    {
      config: { open: true, rateLimit: false },
      schema: {
        tags: ['operations'],
        summary: 'The server would take an upload now',
        response: {
          200: z.object({ status: z.literal('ready'), waiting: z.int(), running: z.int() }),
          503: problemSchema,
        },
      },
    },
    async () => {
      const { waiting, running } = runner;
      if (waiting >= limits.queue) {
        throw new HttpProblem('queue-full', `${waiting} fields wait, as many as the queue holds`, {
          'retry-after': `${runner.retrySeconds()}`,
        });
      }
      return { status: 'ready' as const, waiting, running };
    },
  );
  app.get(
    '/metrics',
    { schema: { tags: ['operations'], summary: 'Figures for Prometheus', produces: ['text/plain'] } },
    async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get(
    '/problems/:code',
    {
      config: { open: true },
      schema: {
        tags: ['operations'],
        summary: 'What a kind of problem means',
        params: z.object({ code: z.string().max(60) }),
        response: {
          200: z.object({ code: z.string(), status: z.int(), title: z.string() }),
          '4xx': problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      if (!isProblemCode(code)) {
        const problem = describeProblem('not-found', `there is no kind of problem "${code}"`);
        return reply.code(404).type('application/problem+json').send(problem);
      }
      const [status, title] = PROBLEMS[code];
      return { code, status, title };
    },
  );
}
