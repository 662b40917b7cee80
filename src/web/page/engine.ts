import { CytolocusError } from '../../common/index.js';
import type { EngineAnswers, EngineDevice, EngineMessage, EngineTask } from './engine-worker.js';
import { problemOf } from './field.js';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: CytolocusError): void;
  onStage?: (stage: string) => void;
}

let worker: Worker | null = null;
let forget = () => {};
let device: EngineDevice | null = null;
let tellDevice = (_: EngineDevice) => {};
let lastId = 0;
const waiting = new Map<number, Waiting>();

/**
 * Has the browser's engine do a task; its worker starts with the first one.
 * @throws CytolocusError as the layers throw
 */
export function askEngine<Kind extends EngineTask['kind']>(
  task: Extract<EngineTask, { kind: Kind }>,
  onStage?: (stage: string) => void,
): Promise<EngineAnswers[Kind]> {
  worker ??= start();
  const id = ++lastId;
  worker.postMessage({ id, task });
  return new Promise<unknown>((resolve, reject) => {
    waiting.set(id, { resolve, reject, onStage });
  }) as Promise<EngineAnswers[Kind]>;
}

/** Calls back when the worker ended unexpectedly, with all that it had loaded. */
export function onEngineLost(lost: () => void): void {
  forget = lost;
}

/** Calls back with what computes the scores, when that is known and when it changes. */
export function onEngineDevice(changed: (device: EngineDevice) => void): void {
  tellDevice = changed;
  if (device !== null) changed(device);
}

function setDevice(found: EngineDevice): void {
  device = found;
  // In the driver's words, for whoever looks into it; visitors are told that it failed.
  if (found.problem !== null) console.warn(found.problem.message);
  tellDevice(found);
}

function start(): Worker {
  const started = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
    if ('device' in data) {
      setDevice(data.device);
      return;
    }
    const asked = waiting.get(data.id);
    if (asked === undefined) return;
    if ('stage' in data) {
      asked.onStage?.(data.stage);
      return;
    }
    waiting.delete(data.id);
    if ('problem' in data) {
      const { code, message, values } = data.problem;
      asked.reject(new CytolocusError(code, message, { values }));
    } else asked.resolve(data.answer);
  });
  started.addEventListener('error', (event) => {
    const lost = new CytolocusError('page-failed', event.message || 'the engine could not be loaded');
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
    // A new one is started at the next question; it knows nothing of what this one had loaded.
    started.terminate();
    worker = null;
    if (device?.device === 'webgpu')
      setDevice({ device: 'cpu', problem: { ...problemOf(lost), code: 'device-failed' } });
    forget();
  });
  return started;
}
