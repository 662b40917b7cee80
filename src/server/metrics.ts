import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the server counts, for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  request(method: string, route: string, status: number, seconds: number): void;
  jobDone(outcome: 'done' | 'failed' | 'deleted', seconds: number): void;
  refused(): void;
}

/** @param state asked whenever the figures are read */
export function createMetrics(
  state: () => { waiting: number; running: number; storedBytes: number },
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'cytolocus_http_request_seconds',
    help: 'Time of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.05, 0.25, 1, 5, 20],
    registers,
  });
  const jobs = new Histogram({
    name: 'cytolocus_job_seconds',
    help: 'Time of predictions, from the beginning of the work',
    labelNames: ['outcome'],
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  const refusals = new Counter({
    name: 'cytolocus_queue_refusals_total',
    help: 'Uploads refused because the queue was full',
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('cytolocus_jobs_waiting', 'Jobs that wait for a worker, uploads included', () => state().waiting);
  gauge('cytolocus_jobs_running', 'Jobs under work', () => state().running);
  gauge('cytolocus_stored_bytes', 'Bytes of jobs and results on disk', () => state().storedBytes);
  return {
    registry,
    request: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    jobDone: (outcome, seconds) => jobs.observe({ outcome }, seconds),
    refused: () => refusals.inc(),
  };
}
