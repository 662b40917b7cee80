import { once } from 'node:events';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../common/index.js';
import { SHIPPED_CLASSIFIER } from '../runs/index.js';
import type { ServerLimits } from '../server/index.js';
import { positiveNumber, wholeNumber } from './options.js';
import type { Output } from './output.js';

interface ServeOptions {
  port: number;
  host: string;
  store: string;
  model: string;
  workers: number;
  apiKeys?: string;
  addKey?: string;
  open: boolean;
  keepHours: number;
  storeGb: number;
  queue: number;
  maxFileMb: number;
  maxPixels: number;
  maxSeconds: number;
  rate: number;
  log: boolean;
}

/** `cytolocus serve`: the HTTP API and the page, until the process is told to end. */
export async function serve(options: ServeOptions, output: Output): Promise<void> {
  // The server's many modules are loaded by this command only.
  const { addApiKey, DEFAULT_LIMITS, startServer } = await import('../server/index.js');
  const { host, port, store, model, workers, open } = options;
  const keys = options.apiKeys ?? null;
  if (options.addKey !== undefined) {
    if (keys === null)
      throw new UsageError('bad-option', '--add-key needs --api-keys FILE, where its hash is kept');
    output.print(await addApiKey(keys, options.addKey));
    output.note(`The key of ${options.addKey}: keep it, it is shown this once. ${keys} holds its hash only.`);
    return;
  }
  const limits: ServerLimits = {
    ...DEFAULT_LIMITS,
    fileBytes: options.maxFileMb * 2 ** 20,
    pixels: options.maxPixels,
    queue: options.queue,
    jobSeconds: options.maxSeconds,
    requestsPerMinute: options.rate,
    keepSeconds: options.keepHours * 3600,
    storeBytes: options.storeGb * 2 ** 30,
  };
  const log = options.log ? process.stderr : null;
  const server = await startServer({ host, port, store, model, workers, keys, open, limits, log });
  output.print(`Cytolocus listens on ${server.address}, its API is described at ${server.address}/docs`);
  const ended = new AbortController();
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal, { signal: ended.signal })));
  ended.abort();
  await server.close();
}

/** Half the cores: each prediction uses several at times. */
const WORKERS = Math.max(1, availableParallelism() >> 1);

/** Adds the command's arguments and options. */
export function addServe(command: Command, output: Output): void {
  command
    .option('--port <n>', 'port to listen on; 0: a free one', wholeNumber('--port', 0, 65535), 8080)
    .option('--host <name>', 'address to listen on; beyond this machine API keys are needed', '127.0.0.1')
    .option('--store <dir>', 'folder of jobs and results', join(homedir(), '.cache', 'cytolocus', 'serve'))
    .option('--model <file>', 'classifier (.onnx)', SHIPPED_CLASSIFIER)
    .option('--workers <n>', 'fields worked on at a time', wholeNumber('--workers', 1, 256), WORKERS)
    .option('--api-keys <file>', 'file of the API keys that are let in')
    .option('--add-key <name>', 'make a key, print it, add its hash to the file of --api-keys, and end')
    .option('--open', 'listen beyond this machine without API keys', false)
    .option('--keep-hours <h>', 'how long results are kept', positiveNumber('--keep-hours'), 24)
    .option('--store-gb <gb>', 'results beyond this go, the oldest first', positiveNumber('--store-gb'), 10)
    .option('--queue <n>', 'fields that may wait; more are refused', wholeNumber('--queue', 1, 100_000), 32)
    .option('--max-file-mb <mb>', 'largest file', wholeNumber('--max-file-mb', 1, 4096), 256)
    .option('--max-pixels <n>', 'most pixels of an image', wholeNumber('--max-pixels', 1, 2 ** 30), 8192 ** 2)
    .option('--max-seconds <s>', 'longest time for a field', wholeNumber('--max-seconds', 1, 86_400), 600)
    .option('--rate <n>', 'requests a minute of one client', wholeNumber('--rate', 1, 1_000_000), 1200)
    .option('--log', 'log requests to standard error, JSON a line', false)
    .action((options: ServeOptions) => serve(options, output));
}
