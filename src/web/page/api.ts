/** Talks with the server's API. */
import { decode as decodePng } from 'fast-png';
import { CytolocusError } from '../../common/index.js';
import type { LabelImage } from '../../imaging/index.js';
import type { CellPrediction, Corrections } from '../../predict/index.js';
import type { FieldWarning } from '../../segment/index.js';
import type { FieldStoreParts, ServerPrediction } from './field-store.js';
import { type ChosenField, type Part, uploadPart } from './names.js';
import { packSegmentation } from './packed-labels.js';

const API = '/api/v1';
const KEY_ITEM = 'cytolocus-key';
/** So often is a busy server asked again, at the times that it names. */
const MOST_TRIES = 100;
const LONGEST_WAIT_S = 30;

/** What the API says of a prediction, as far as the page reads it. */
interface PredictionBody {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly corrections: Corrections;
  readonly result: {
    readonly seconds: number;
    readonly warnings: readonly (Omit<FieldWarning, 'message'> & { readonly detail: string })[];
    readonly cells: readonly (Omit<CellPrediction, 'scores'> & { readonly scores: readonly number[] })[];
    readonly files: Readonly<Record<string, string>>;
  } | null;
}

/** Keeps the API key for this tab. */
export function rememberKey(key: string): void {
  sessionStorage.setItem(KEY_ITEM, key);
}

let closed = false;

/** From now on nothing is asked of the server, until it is opened again. */
export function closeToServer(on: boolean): void {
  closed = on;
}

/** @throws CytolocusError `server-unreachable`, `private-mode` */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  if (closed) throw new CytolocusError('private-mode', 'private mode is on: the server is not asked');
  const headers = new Headers(init.headers);
  const key = sessionStorage.getItem(KEY_ITEM);
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  try {
    return await fetch(path, { ...init, headers });
  } catch (cause) {
    throw new CytolocusError('server-unreachable', 'the server does not answer', { cause });
  }
}

/** @throws CytolocusError with the code and the words of an answer about a problem */
async function expectGood(response: Response): Promise<Response> {
  if (response.ok) return response;
  const type = response.headers.get('content-type') ?? '';
  const problem = type.includes('json')
    ? await response.json()
    : { code: 'internal', detail: response.statusText };
  throw new CytolocusError(problem.code, problem.detail);
}

async function request(path: string, init?: RequestInit): Promise<Response> {
  return expectGood(await ask(path, init));
}

/** The API as the page's store of fields uses it. */
export const server: FieldStoreParts['server'] = {
  async send(chosen, pixelSizeUm, onStage) {
    const headers = { prefer: 'respond-async' };
    const post = () =>
      ask(`${API}/predictions`, { method: 'POST', body: formOf(chosen, pixelSizeUm), headers });
    let response = await post();
    for (let tries = 1; isBusy(response) && tries < MOST_TRIES; tries++) {
      onStage('busy');
      await new Promise((resolve) => setTimeout(resolve, waitMs(response)));
      response = await post();
    }
    return ((await (await expectGood(response)).json()) as PredictionBody).id;
  },
  async result(id, onStage) {
    let body = await readPrediction(id);
    if (body.state !== 'done' && body.state !== 'failed') {
      await followStages(id, onStage);
      body = await readPrediction(id);
    }
    return predictionOf(body);
  },
  async corrections(id) {
    return (await readPrediction(id)).corrections;
  },
  async saveCorrections(id, corrections) {
    await request(`${API}/predictions/${id}/corrections`, {
      method: 'PUT',
      body: JSON.stringify(corrections),
      headers: { 'content-type': 'application/json' },
    });
  },
  async remove(id) {
    try {
      await request(`${API}/predictions/${id}`, { method: 'DELETE' });
    } catch (error) {
      if (!(error instanceof CytolocusError)) throw error;
    }
  },
};

function isBusy({ status }: Response): boolean {
  return status === 503 || status === 429;
}

function waitMs({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return 1000 * (seconds > 0 ? Math.min(LONGEST_WAIT_S, seconds) : 5);
}

function formOf(chosen: ChosenField, pixelSizeUm: number | null): FormData {
  const form = new FormData();
  form.append('name', chosen.name);
  if (pixelSizeUm !== null) form.append('pixelSizeUm', `${pixelSizeUm}`);
  if (chosen.channels !== undefined) {
    const pairs = Object.entries(chosen.channels).map((pair) => pair.join('='));
    form.append('channels', pairs.join(','));
  }
  for (const [part, file] of Object.entries(chosen.files) as [Part, File | undefined][]) {
    if (file !== undefined) form.append(uploadPart(part), file, file.name);
  }
  return form;
}

async function readPrediction(id: string): Promise<PredictionBody> {
  return (await request(`${API}/predictions/${id}`)).json();
}

/** Reads server-sent events by `fetch`, which unlike EventSource can send the key. */
async function followStages(id: string, onStage: (stage: string) => void): Promise<void> {
  const response = await request(`${API}/predictions/${id}/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    text += part.value;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event);
      if (data !== null) onStage(JSON.parse(data[1]).stage);
    }
  }
}

/** @throws CytolocusError with the prediction's problem where it failed */
async function predictionOf({
  state,
  problem,
  corrections,
  result,
}: PredictionBody): Promise<ServerPrediction> {
  if (problem !== null) throw new CytolocusError(problem.code, problem.detail);
  if (result === null) throw new CytolocusError('server-unreachable', `the prediction is ${state}`);
  const { seconds, files } = result;
  const [cells, nuclei] = await Promise.all([
    readLabels(files['cells.png']),
    readLabels(files['nuclei.png']),
  ]);
  return {
    corrections,
    result: {
      seconds,
      warnings: result.warnings.map(({ detail, ...warning }) => ({ ...warning, message: detail })),
      cells: result.cells.map((cell) => ({ ...cell, scores: Float32Array.from(cell.scores) })),
      labels: packSegmentation({ cells, nuclei }),
    },
  };
}

async function readLabels(path: string): Promise<LabelImage> {
  const { width, height, data } = decodePng(new Uint8Array(await (await request(path)).arrayBuffer()));
  return { width, height, data: Int32Array.from(data) };
}

export const CLASSIFIER_PATH = `${API}/models/classifier.onnx`;

/** The classifier's bytes, for work in this browser. */
export async function fetchClassifier(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await request(CLASSIFIER_PATH)).arrayBuffer());
}
