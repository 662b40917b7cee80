import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { readLabelPng } from '../../src/io/index.js';
import { parseCocoFile } from '../../src/masks/index.js';
import { cytolocus } from '../cli/harness.js';
import { quartetAsOmeTiff } from '../io/ome.js';
import {
  ask,
  filesBelow,
  openServer,
  post,
  synthesize,
  type TestServer,
  untilFinished,
  uploadOf,
} from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
let server: TestServer;
let id: string;
/** The field's prediction, as a client sees it. */
interface Answer {
  readonly id: string;
  readonly stages: readonly { readonly stage: string }[];
  readonly result: {
    readonly files: Readonly<Record<string, string>>;
    readonly cells: readonly { readonly cell: number; readonly scores: readonly number[] }[];
    readonly locations: readonly { readonly mean: number }[];
    readonly prediction: { readonly location: number };
  };
}
let done: Answer;

beforeAll(async () => {
  [id] = await synthesize(join(folder, 'fields'));
  await cytolocus(
    'predict',
    join(folder, 'fields'),
    '--out',
    join(folder, 'cli'),
    '--submission',
    '--overlay',
  );
  server = await openServer();
  const { status, body } = await post(server, uploadOf(join(folder, 'fields'), id, { overlay: 'true' }));
  expect(status).toBe(200);
  done = body;
}, 300_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function file(name: string): Promise<string> {
  const { status, text } = await ask(server, done.result.files[name]);
  expect(status, name).toBe(200);
  return text;
}

describe('a small field', () => {
  test('is answered at once, with every cell and the field as a whole', () => {
    expect(done).toMatchObject({ field: id, state: 'done', problem: null, corrections: {} });
    expect(done.stages.map(({ stage }) => stage)).toEqual([
      ...['queued', 'read', 'segmented', 'classified', 'done'],
    ]);
    const { cells, locations, prediction } = done.result;
    expect(cells.length).toBeGreaterThan(1);
    expect(cells[0].scores).toHaveLength(LOCATIONS.length);
    const best = Math.max(...locations.map(({ mean }) => mean));
    expect(prediction).toMatchObject({ name: LOCATIONS[prediction.location], confidence: best });
  });

  test('has the tables of `cytolocus predict`, byte for byte but for the seconds', async () => {
    const cli = (name: string) => readFileSync(join(folder, 'cli', name), 'utf8');
    expect(await file('cells.csv')).toBe(cli('cells.csv'));
    expect(await file('submission.csv')).toBe(cli('submission.csv'));
    const withoutSeconds = (text: string) => text.split('\n').map((line) => line.split(',').toSpliced(6, 1));
    expect(withoutSeconds(await file('fields.csv'))).toEqual(withoutSeconds(cli('fields.csv')));
  });

  test('has its label images and overlay', async () => {
    for (const name of ['cells.png', 'nuclei.png', 'overlay.png']) {
      const response = await fetch(`${server.address}${done.result.files[name]}`);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(join(folder, 'cli', id, name)));
    }
  });

  test('has its cells as COCO and as GeoJSON', async () => {
    const coco = parseCocoFile(JSON.parse(await file('coco.json')), 'coco.json');
    const numbers = done.result.cells.map(({ cell }) => cell);
    expect([...new Set(coco.annotations.map(({ cell }) => cell))]).toEqual(numbers);
    const { features } = JSON.parse(await file('cells.geojson'));
    expect(features.map(({ properties }: { properties: { cell: number } }) => properties.cell)).toEqual(
      numbers,
    );
    const labels = await readLabelPng(join(folder, 'cli', id, 'cells.png'));
    const [first] = features[0].geometry.coordinates[0];
    // A ring begins at the topmost, then leftmost pixel of its region.
    const corner = labels.data.indexOf(numbers[0]);
    expect(first[1]).toBe(Math.floor(corner / labels.width));
  });

  test('sent as one OME-TIFF has the same cells, at the scale that it says', async () => {
    const bytes = await quartetAsOmeTiff(join(folder, 'fields'), id, ['Hoechst', 'GFP', 'Cy3', 'Cy5']);
    const form = new FormData();
    form.append('image', new Blob([Uint8Array.from(bytes)]), `${id}.ome.tif`);
    const guessed = await post(server, form);
    expect(guessed).toMatchObject({ status: 422, body: { code: 'channel-unknown' } });
    form.append('channels', '1=nuclei,gfp=protein,cy3=microtubules,cy5=er');
    const { status, body } = await post(server, form);
    expect(status).toBe(200);
    expect(body).toMatchObject({ field: id, result: { pixelSizeSource: 'file', cells: done.result.cells } });
  });

  test('leaves nothing of its upload on disk', () => {
    expect(filesBelow(server.store).filter((path) => path.includes('/input/'))).toEqual([]);
  });
});

test('a job in the background tells its stages as events', async () => {
  const { status, body, headers } = await post(
    server,
    uploadOf(join(folder, 'fields'), id, { name: 'my field' }),
    {
      prefer: 'respond-async',
    },
  );
  expect(status).toBe(202);
  expect(body).toMatchObject({
    field: 'my field',
    state: expect.stringMatching(/queued|running/),
    result: null,
  });
  expect(headers.get('location')).toBe(`/api/v1/predictions/${body.id}`);
  const events = await ask(server, `/api/v1/predictions/${body.id}/events`);
  expect(events.headers.get('content-type')).toBe('text/event-stream');
  const stages = [...events.text.matchAll(/event: stage\ndata: (.*)\n/g)].map(
    ([, data]) => JSON.parse(data).stage,
  );
  expect(stages).toEqual(['queued', 'read', 'segmented', 'classified', 'done']);
  const resumed = await ask(server, `/api/v1/predictions/${body.id}/events`, {
    headers: { 'last-event-id': '3' },
  });
  expect(resumed.text.match(/^id: \d+/gm)).toEqual(['id: 4']);
  expect((await untilFinished(server, body.id)).state).toBe('done');
});

test('a file is had only once its prediction is done', async () => {
  const { body } = await post(server, uploadOf(join(folder, 'fields'), id), { prefer: 'respond-async' });
  const { status, body: problem } = await ask(server, `/api/v1/predictions/${body.id}/files/cells.csv`);
  expect(status).toBe(409);
  expect(problem.code).toBe('prediction-unfinished');
  await untilFinished(server, body.id);
});

test('a prediction is deleted with all its files, done or not', async () => {
  for (const wait of [true, false]) {
    const { body } = await post(server, uploadOf(join(folder, 'fields'), id), { prefer: 'respond-async' });
    if (wait) await untilFinished(server, body.id);
    const path = `/api/v1/predictions/${body.id}`;
    expect((await ask(server, path, { method: 'DELETE' })).status).toBe(204);
    expect(await ask(server, path)).toMatchObject({ status: 404, body: { code: 'prediction-unknown' } });
    expect(filesBelow(server.store).filter((name) => name.includes(body.id))).toEqual([]);
  }
});

test('a prediction that is deleted while its network runs takes nothing else with it', async () => {
  for (let i = 0; i < 3; i++) {
    const { body } = await post(server, uploadOf(join(folder, 'fields'), id), { prefer: 'respond-async' });
    const path = `/api/v1/predictions/${body.id}`;
    await expect.poll(async () => (await ask(server, path)).body.stages.length).toBeGreaterThan(2);
    expect((await ask(server, path, { method: 'DELETE' })).status).toBe(204);
    expect(filesBelow(server.store).filter((name) => name.includes(body.id))).toEqual([]);
  }
  expect((await post(server, uploadOf(join(folder, 'fields'), id))).status).toBe(200);
});

test('corrections are kept and become tables for training', async () => {
  const { id: prediction, result } = done;
  const [first, second] = result.cells.map(({ cell }: { cell: number }) => cell);
  const corrections = { [first]: { locations: [7, 2] }, [second]: { deleted: true } };
  const path = `/api/v1/predictions/${prediction}/corrections`;
  const put = (body: object) =>
    ask(server, path, {
      method: 'PUT',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  expect((await put(corrections)).status).toBe(200);
  expect((await ask(server, `/api/v1/predictions/${prediction}`)).body.corrections).toEqual(corrections);
  const rows = (await ask(server, `${path}/truth.csv`)).text.split('\n');
  expect(rows[1]).toBe(`${id},${first},2|7`);
  expect(rows.some((row) => row.startsWith(`${id},${second},`))).toBe(false);
  const [, label] = (await ask(server, `${path}/train.csv`)).text.trim().split('\n')[1].split(',');
  expect(label.split('|')).toEqual(expect.arrayContaining(['2', '7']));
  expect(await put({ 99999: { deleted: true } })).toMatchObject({
    status: 400,
    body: { code: 'bad-option' },
  });
  expect((await put({ [first]: { locations: [19] } })).status).toBe(400);
});

test('the server describes itself', async () => {
  const health = await ask(server, '/api/v1/health');
  expect(health).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect((await ask(server, '/api/v1/ready')).body).toMatchObject({ status: 'ready' });
  const models = await ask(server, '/api/v1/models');
  expect(models.body).toMatchObject({ classifier: { name: 'classifier.onnx' }, locations: [...LOCATIONS] });
  expect(models.text).not.toContain(process.cwd());
  const metrics = await ask(server, '/api/v1/metrics');
  expect(metrics.text).toMatch(/cytolocus_job_seconds_count\{outcome="done"\} [1-9]/);
  const { body: api } = await ask(server, '/docs/json');
  expect(api.openapi).toBe('3.1.0');
  expect(Object.keys(api.paths)).toContain('/api/v1/predictions/{id}/events');
  expect(api.paths['/api/v1/predictions'].post.requestBody.content).toHaveProperty('multipart/form-data');
});
