import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ModelFacts } from '../runs/index.js';
import type { Metrics } from './metrics.js';
import type { ServerLimits } from './options.js';
import type { Runner } from './runner.js';
import type { JobStore } from './store.js';

/** What routes work with. */
export interface Context {
  readonly store: JobStore;
  readonly runner: Runner;
  readonly metrics: Metrics;
  readonly limits: ServerLimits;
  readonly models: readonly ModelFacts[];
  /** The classifier's file. */
  readonly model: string;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
