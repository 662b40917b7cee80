import { CytolocusError } from '../../common/index.js';
import type { EngineAnswers, EngineMessage, EngineTask } from './engine-worker.js';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: CytolocusError): void;
  onStage?: (stage: string) => void;
}

let worker: Worker | null = null;
let forget = () => {};
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

function start(): Worker {
  const started = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
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
    for (const { reject } of waiting.values()) {
      reject(new CytolocusError('page-failed', event.message || 'the engine could not be loaded'));
    }
    waiting.clear();
    // A new one is started at the next question; it knows nothing of what this one had loaded.
    started.terminate();
    worker = null;
    forget();
  });
  return started;
}
