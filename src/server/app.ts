import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { App, Context } from './context.js';
import { addDocs } from './docs.js';
import { addKeyGuard, addOriginGuard } from './guard.js';
import type { ApiKeys } from './keys.js';
import { addPage } from './page.js';
import { describeProblem, HttpProblem, toHttpProblem } from './problem.js';
import { addCorrections } from './routes/corrections.js';
import { addEvents } from './routes/events.js';
import { addFiles } from './routes/files.js';
import { addModels } from './routes/models.js';
import { addOperations } from './routes/operations.js';
import { addPredictions } from './routes/predictions.js';

export interface AppOptions {
  readonly keys: ApiKeys | null;
  /** The server is reached from this machine only. */
  readonly loopbackOnly: boolean;
  readonly log: NodeJS.WritableStream | null;
}

/** Bytes of a body that is not an upload: corrections of some thousand cells. */
const BODY_BYTES = 2 ** 20;
/** Smaller answers fit into one packet anyway. */
const COMPRESSED_FROM_BYTES = 1400;
/** Time for a request's head; uploads have their own limit. */
const HEAD_SECONDS = 10;

/** The web application: security, errors and routes, not yet listening. */
export async function createApp(context: Context, options: AppOptions): Promise<App> {
  const { limits, metrics } = context;
  const app: App = fastify({
    logger: options.log === null ? false : { stream: options.log },
    bodyLimit: BODY_BYTES,
    // An upload is given up after its own time, with an answer; this ends what is still being sent after it.
    requestTimeout: 2 * limits.uploadSeconds * 1000,
    http: { headersTimeout: HEAD_SECONDS * 1000 },
    routerOptions: { maxParamLength: 100 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const problem = toHttpProblem(error);
    if (problem.status >= 500 && !(error instanceof HttpProblem)) request.log.error(error);
    if (error instanceof HttpProblem) reply.headers(error.headers);
    return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = describeProblem(
      'not-found',
      `there is nothing at ${request.method} ${request.url.slice(0, 200)}`,
    );
    return reply.code(404).type('application/problem+json').send(problem);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });
  addOriginGuard(app, options.loopbackOnly);
  await app.register(helmet, {
    // Everything comes from the server itself; WebAssembly and blob pictures are for the page's viewer and private mode.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // With these the page is isolated, and WebAssembly may use threads.
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    // A small body could become a huge one.
    globalDecompression: false,
    threshold: COMPRESSED_FROM_BYTES,
  });
  await app.register(multipart, { throwFileSizeLimit: false });
  await addDocs(app);
  await app.register(
    async (api: App) => {
      addKeyGuard(api, options.keys);
      await api.register(rateLimit, {
        max: limits.requestsPerMinute,
        timeWindow: 60_000,
        keyGenerator: (request) => request.owner ?? request.ip,
        hook: 'preHandler',
      });
      addPredictions(api, context);
      addEvents(api, context);
      addFiles(api, context);
      addCorrections(api, context);
      addModels(api, context);
      addOperations(api, context);
    },
    { prefix: '/api/v1' },
  );
  await addPage(app);
  return app;
}
