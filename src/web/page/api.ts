/** Talks with the server's API. */
import { decode as decodePng } from 'fast-png';
import { CytolocusError } from '../../common/index.js';
import type { LabelImage } from '../../imaging/index.js';
import type { CellPrediction, Corrections } from '../../predict/index.js';
import type { FieldResult } from './field.js';
import { type ChosenField, type Part, uploadPart } from './names.js';

const API = '/api/v1';
const KEY_ITEM = 'cytolocus-key';

/** What the API says of a prediction, as far as the page reads it. */
interface PredictionBody {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly result: {
    readonly seconds: number;
    readonly warnings: readonly string[];
    readonly cells: readonly (Omit<CellPrediction, 'scores'> & { readonly scores: readonly number[] })[];
    readonly files: Readonly<Record<string, string>>;
  } | null;
}

/** Keeps the API key for this tab. */
export function rememberKey(key: string): void {
  sessionStorage.setItem(KEY_ITEM, key);
}

/** @throws CytolocusError with the problem's code and words */
async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = sessionStorage.getItem(KEY_ITEM);
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (cause) {
    throw new CytolocusError('server-unreachable', 'the server does not answer', { cause });
  }
  if (response.ok) return response;
  const type = response.headers.get('content-type') ?? '';
  const problem = type.includes('json')
    ? await response.json()
    : { code: 'internal', detail: response.statusText };
  throw new CytolocusError(problem.code, problem.detail);
}

/**
 * Sends a field and waits for its result.
 * @param onStage told each stage that is over
 * @throws CytolocusError with the problem's code and words
 */
export async function predictOnServer(
  chosen: ChosenField,
  options: { readonly pixelSizeUm: number | null; readonly threshold: number },
  onStage: (stage: string) => void,
): Promise<FieldResult> {
  const form = new FormData();
  form.append('name', chosen.name);
  form.append('threshold', `${options.threshold}`);
  if (options.pixelSizeUm !== null) form.append('pixelSizeUm', `${options.pixelSizeUm}`);
  for (const [part, file] of Object.entries(chosen.files) as [Part, File | undefined][]) {
    if (file !== undefined) form.append(uploadPart(part), file, file.name);
  }
  const accepted = await request(`${API}/predictions`, {
    method: 'POST',
    body: form,
    headers: { prefer: 'respond-async' },
  });
  let body: PredictionBody = await accepted.json();
  const path = `${API}/predictions/${body.id}`;
  if (body.state !== 'done' && body.state !== 'failed') {
    await followStages(`${path}/events`, onStage);
    body = await (await request(path)).json();
  }
  if (body.problem !== null) throw new CytolocusError(body.problem.code, body.problem.detail);
  if (body.result === null) throw new CytolocusError('internal', `the prediction is ${body.state}`);
  const { seconds, warnings, cells, files } = body.result;
  const [cellLabels, nuclei] = await Promise.all([
    readLabels(files['cells.png']),
    readLabels(files['nuclei.png']),
  ]);
  return {
    id: body.id,
    seconds,
    warnings,
    cells: cells.map((cell) => ({ ...cell, scores: Float32Array.from(cell.scores) })),
    segmentation: { cells: cellLabels, nuclei },
  };
}

/** Reads server-sent events by `fetch`, which unlike EventSource can send the key. */
async function followStages(path: string, onStage: (stage: string) => void): Promise<void> {
  const response = await request(path);
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

async function readLabels(path: string): Promise<LabelImage> {
  const { width, height, data } = decodePng(new Uint8Array(await (await request(path)).arrayBuffer()));
  return { width, height, data: Int32Array.from(data) };
}

/** A file of a prediction as the server makes it. */
export async function downloadFile(id: string, name: string): Promise<Blob> {
  return (await request(`${API}/predictions/${id}/files/${name}`)).blob();
}

/** @throws CytolocusError */
export async function saveCorrections(id: string, corrections: Corrections): Promise<void> {
  await request(`${API}/predictions/${id}/corrections`, {
    method: 'PUT',
    body: JSON.stringify(corrections),
    headers: { 'content-type': 'application/json' },
  });
}

/** The classifier's bytes, for work in this browser. */
export async function fetchClassifier(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await request(`${API}/models/classifier.onnx`)).arrayBuffer());
}
