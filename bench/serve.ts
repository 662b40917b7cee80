import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runCli } from './cli-run.js';
import { type Benchmark, type BenchResult, median } from './result.js';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const REPEATS = 5;
const REQUESTS = 200;
const CONNECTIONS = 8;
/** Fields that may wait: fewer than there are connections, so that the queue's refusals are met too. */
const QUEUE = 4;

/** The server as a user starts it, from upload to result, beside the command; then many small fields at once. */
export const serveBenchmark: Benchmark = {
  name: 'serve',
  what: `one 2048 x 2048 field over HTTP and by the command; ${REQUESTS} fields of 256 x 256 over ${CONNECTIONS} connections, /health meanwhile`,
  async run(wanted) {
    const folder = mkdtempSync(join(tmpdir(), 'cytolocus-bench-'));
    const server = await startServer(join(folder, 'store'));
    try {
      return [
        ...(wanted(LATENCY) ? [await latency(folder, server)] : []),
        ...(wanted(LOAD) ? await load(folder, server) : []),
      ];
    } finally {
      server.child.kill();
      await once(server.child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const LATENCY = 'latency of a 2048x2048 field';
const LOAD = 'load';

export interface RunningServer {
  readonly child: ChildProcess;
  readonly address: string;
}

/** The server of the built program, as a user starts it. */
export async function startServer(store: string): Promise<RunningServer> {
  const args = [CLI, 'serve', '--port', '0', '--store', store, '--queue', `${QUEUE}`, '--rate', '1000000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, address: /http:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? '' };
}

/** From the first byte sent to the result read; the command from its start to its end. */
async function latency(folder: string, server: RunningServer): Promise<BenchResult> {
  const fields = join(folder, 'large');
  runCli(folder, ['synth', '--images', '1', '--size', '2048', '--seed', '1', '--out', fields]);
  const ours: number[] = [];
  const cli: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await predict(server, uploadOf(fields));
    ours.push((performance.now() - start) / 1000);
    cli.push(runCli(folder, ['predict', fields, '--out', join(folder, `out${i}`)]).seconds);
  }
  return result(`${LATENCY}, upload to result`, median(ours), 's', {
    peer: median(cli),
    peerName: 'cytolocus predict',
  });
}

/** Small fields by several clients at once; each tries again as long as the queue refuses it. */
async function load(folder: string, server: RunningServer): Promise<BenchResult[]> {
  const fields = join(folder, 'small');
  runCli(folder, ['synth', '--images', '1', '--size', '256', '--seed', '1', '--out', fields]);
  const health: number[] = [];
  let over = false;
  const watching = (async () => {
    while (!over) {
      const start = performance.now();
      await fetch(`${server.address}/api/v1/health`).then((response) => response.text());
      health.push(performance.now() - start);
      await sleep(20);
    }
  })();
  let left = REQUESTS;
  let refused = 0;
  let lost = 0;
  const memoryMb: number[] = [];
  const start = performance.now();
  const client = async () => {
    while (left-- > 0) {
      for (;;) {
        const state = await predict(server, uploadOf(fields));
        if (state === 'refused') {
          refused++;
          await sleep(100);
          continue;
        }
        if (state !== 'done') lost++;
        break;
      }
      if (left % 20 === 0) memoryMb.push(residentMb(server.child));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const seconds = (performance.now() - start) / 1000;
  over = true;
  await watching;
  const p99 = health.sort((a, b) => a - b)[Math.floor(0.99 * health.length)];
  const half = Math.ceil(memoryMb.length / 2);
  const peakMemoryMb = Math.max(...memoryMb);
  const text = `${LOAD}, ${REQUESTS} fields, ${CONNECTIONS} connections`;
  return [
    result(`${text}: fields a second`, REQUESTS / seconds, 'fields/s', { peakMemoryMb }),
    result(`${text}: lost or failed`, lost, 'fields'),
    result(`${text}: refused by the bounded queue, sent again`, refused, 'requests'),
    result(
      `${text}: growth of memory, second half over first`,
      median(memoryMb.slice(half)) / median(memoryMb.slice(0, half)),
      'times',
    ),
    result(`${text}: /health, 99th percentile`, p99, 'ms'),
  ];
}

function result(name: string, ours: number, unit: string, more: Partial<BenchResult> = {}): BenchResult {
  const peer = more.peer ?? null;
  return {
    case: name,
    ours,
    unit,
    peerName: null,
    peakMemoryMb: null,
    ...more,
    peer,
    ratio: peer === null ? null : peer / ours,
  };
}

function uploadOf(folder: string): FormData {
  const form = new FormData();
  for (const name of readdirSync(folder)) {
    const colour = /_(red|green|blue|yellow)\.png$/.exec(name)?.[1];
    if (colour !== undefined) form.append(colour, new Blob([readFileSync(join(folder, name))]), name);
  }
  return form;
}

/** The prediction's end; `refused` where the queue was full. */
async function predict({ address }: RunningServer, body: FormData): Promise<string> {
  const response = await fetch(`${address}/api/v1/predictions`, { method: 'POST', body });
  const answer = (await response.json()) as { id: string; state: string };
  if (response.status === 503) return 'refused';
  if (response.status !== 202) return answer.state ?? `status ${response.status}`;
  const path = `${address}/api/v1/predictions/${answer.id}`;
  await fetch(`${path}/events`).then((events) => events.text());
  return ((await (await fetch(path)).json()) as { state: string }).state;
}

function residentMb({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
