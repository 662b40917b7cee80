import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const fields = sharedFolder();

/** Three good fields and, between them, one that is damaged. */
beforeAll(async () => {
  await cytolocus(
    ...['synth', '--workers', '1', '--images', '3', '--size', '256', '--seed', '9', '--out', fields],
  );
  for (const colour of ['red', 'green', 'blue']) {
    copyFileSync(join(fields, `synth-9-00000_${colour}.png`), join(fields, `synth-9-00001b_${colour}.png`));
  }
  writeFileSync(join(fields, 'synth-9-00001b_green.png'), 'not a picture');
});

/** All files below a folder with their bytes; what holds times is left out. */
function resultsIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((entry) => entry.isFile() && !['fields.csv', 'prediction.json'].includes(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path, 'base64')]),
  );
}

test('predict --workers gives the same files, rows and messages in the same order, for any number', async () => {
  const runs = [];
  for (const workers of ['1', '2']) {
    const out = temporaryFolder();
    const files = ['--submission', '--coco', '--geojson', '--overlay'];
    const { code, noted } = await cytolocus(
      ...['predict', fields, '--out', out, '--workers', workers, '--segmenter', 'network', ...files],
    );
    const order = [...noted.matchAll(/synth-9-\w+(?=: \d+ cells?|: .*is a text file)/g)].map(([id]) => id);
    const ids = readFileSync(join(out, 'fields.csv'), 'utf8')
      .split('\n')
      .map((row) => row.split(',')[0]);
    runs.push({ code, order, ids, results: resultsIn(out) });
  }
  const [one, two] = runs;
  expect(one.code).toBe(1);
  expect(one.order).toEqual(['synth-9-00000', 'synth-9-00001', 'synth-9-00001b', 'synth-9-00002']);
  expect(one.results.size).toBeGreaterThan(10);
  expect(two.code).toBe(one.code);
  expect(two.order).toEqual(one.order);
  expect(two.ids).toEqual(one.ids);
  expect([...two.results.keys()]).toEqual([...one.results.keys()]);
  for (const [name, bytes] of one.results) expect(two.results.get(name) === bytes, name).toBe(true);
});

test('a run with workers goes on where another was stopped; a network that is none is named once', async () => {
  const out = temporaryFolder();
  await cytolocus('segment', fields, '--out', out, '--workers', '2');
  const again = await cytolocus('segment', fields, '--out', out);
  expect(again.noted.match(/done before/g)).toHaveLength(3);
  const model = join(out, 'model.onnx');
  writeFileSync(model, 'no network');
  const { code, noted } = await cytolocus(
    'predict',
    fields,
    '--out',
    out,
    '--model',
    model,
    '--workers',
    '2',
  );
  expect(code).toBe(1);
  expect(noted.match(/model\.onnx/g)).toHaveLength(1);
});
