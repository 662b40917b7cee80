import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import { DEFAULT_CROP } from '../../src/crops/index.js';
import { describeStore, openStore, readCrops } from '../../src/dataset/index.js';
import { ASSUMED_PIXEL_SIZES } from '../../src/io/index.js';
import { gatherCells } from '../../src/training/cells.js';
import { writeStore } from '../dataset/store.js';
import { cytolocus, programArgs, sharedFolder, temporaryFolder } from './harness.js';

const fields = sharedFolder();
const labels = join(fields, 'train.csv');
const masks = join(fields, 'truth');
const whole = join(sharedFolder(), 'store');

beforeAll(async () => {
  const settings = ['--images', '4', '--size', '192', '--seed', '21', '--labels', 'balanced'];
  await cytolocus('synth', '--workers', '1', ...settings, '--out', fields);
}, 60_000);

/** Worker threads take seconds to load from source, so one of them must do. */
const crops = (out: string, ...more: string[]) =>
  cytolocus('crops', fields, '--labels', labels, '--masks', masks, '--workers', '1', '--out', out, ...more);

test('the store holds the crops that training cuts, with their labels; a second call keeps them', async () => {
  const { code, printed } = await crops(whole, '--json');
  expect(code).toBe(0);
  const store = await openStore(whole);
  expect(JSON.parse(printed)).toMatchObject({ fields: 4, keptFields: 0, cells: store.cells.length });
  const gathered = await gatherCells({
    ...{ folders: [fields], crop: DEFAULT_CROP, outlines: 'truth', cellsPerField: 1000, seed: 1 },
    pixelSizes: ASSUMED_PIXEL_SIZES,
  });
  expect(store.cells.map(({ cell, locations }) => ({ cell, locations }))).toEqual(
    gathered.fields.flatMap(({ cells, locations }) => cells.map((cell) => ({ cell, locations }))),
  );
  expect(
    Buffer.concat(gathered.fields.map((field) => field.crops)).equals(await readCrops(store, store.cells)),
  ).toBe(true);
  const again = await crops(whole);
  expect(again.printed).toBe(`4 fields (4 done before): ${store.cells.length} crops in the store ${whole}`);
});

test('a killed run leaves a store that opens and lacks only what was not written; run again, it is whole', async () => {
  const out = join(temporaryFolder(), 'store');
  const args = [
    ...['crops', fields, '--labels', labels, '--masks', masks],
    ...['--workers', '1', '--out', out],
  ];
  const child = spawn(process.execPath, [...programArgs(), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('[2/4]')) child.kill('SIGKILL');
  }
  expect((await exit)[1]).toBe('SIGKILL');

  const [all, part] = [await openStore(whole), await openStore(out)];
  expect(part.cells.length).toBeGreaterThan(0);
  expect(part.cells.length).toBeLessThan(all.cells.length);
  expect(part.cells).toEqual(all.cells.slice(0, part.cells.length));
  await readCrops(part, part.cells);

  expect((await crops(out)).code).toBe(0);
  for (const name of ['cells.csv', 'fields.csv', 'crops-00000.npy', 'store.json']) {
    expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
  }
});

test('what is left out or went wrong is told, and the others are done', async () => {
  const folder = temporaryFolder();
  cpSync(fields, folder, { recursive: true });
  const [header, first, ...rest] = readFileSync(labels, 'utf8').trim().split('\n');
  const [id, second] = [first, rest[0]].map((line) => line.split(',')[0]);
  writeFileSync(join(folder, 'train.csv'), `${[header, ...rest, 'nobody,3'].join('\n')}\n`);
  rmSync(join(folder, 'truth', second, 'cells.png'));
  const out = join(folder, 'store');
  const command = ['crops', folder, '--labels', join(folder, 'train.csv'), '--workers', '1', '--out', out];
  const { code, noted, printed } = await cytolocus(...command, '--masks', join(folder, 'truth'));
  expect(code).toBe(1);
  expect(noted).toContain(`${second}/cells.png: there is no such file`);
  expect(noted).toContain(`warning: 1 images without a label, left out: ${id}`);
  expect(noted).toContain('warning: 1 labels without an image, left out: nobody');
  expect(printed).toMatch(/^2 fields \(0 done before\), 1 failed: \d+ crops/);
  expect(existsSync(join(out, 'cells.csv'))).toBe(true);
  expect((await openStore(out)).cells.map(({ field }) => field)).not.toContain(id);

  const other = await cytolocus(...command, '--masks', join(folder, 'truth'), '--masking', 'full');
  expect([other.code, other.noted]).toEqual([
    1,
    expect.stringContaining('made with masking "neighbours", now it is "full"'),
  ]);
  writeFileSync(join(folder, 'train.csv'), `${[header, `${rest[1].split(',')[0]},18`].join('\n')}\n`);
  const changed = await cytolocus(...command, '--masks', join(folder, 'truth'));
  expect(changed.noted).toContain('changed since its crops were written');
});

/** The rows of a printed table: location, crops, and what an epoch makes of them. */
function rowsOf(printed: string): Map<string, [number, number]> {
  const rows = printed.split('\n').map((line) => /^(\S.*?)\s+(\d+)\s+(\d+)$/.exec(line));
  return new Map(rows.flatMap((row) => (row ? [[row[1], [Number(row[2]), Number(row[3])]]] : [])));
}

test('--balance is noted in the store, and shows each location as it is and as an epoch weighs it', async () => {
  const folder = temporaryFolder();
  // Three fields of one location and one of another: every cell has one label.
  const ids = readFileSync(labels, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]);
  const own = join(folder, 'labels.csv');
  writeFileSync(own, `ID,Label\n${ids.map((id, i) => `${id},${i === 0 ? 11 : 16}`).join('\n')}\n`);
  const command = ['crops', fields, '--labels', own, '--masks', masks, '--workers', '1'];
  const made = join(folder, 'none');
  const first = await cytolocus(...command, '--balance', 'none', '--out', made);
  const [rare, frequent] = ['Mitotic spindle', 'Cytosol'].map((name) => rowsOf(first.printed).get(name)![0]);
  expect(rare).toBeLessThan(frequent);
  expect(rare + frequent).toBe((await openStore(made)).cells.length);
  expect(rowsOf(first.printed)).toEqual(
    new Map([
      ['Mitotic spindle', [rare, rare]],
      ['Cytosol', [frequent, frequent]],
    ]),
  );

  const balanced = async (method: string) => {
    const out = join(folder, method);
    cpSync(made, out, { recursive: true });
    const description = JSON.parse(readFileSync(join(made, 'store.json'), 'utf8'));
    expect(description.balance).toBe('none');
    writeFileSync(join(out, 'store.json'), JSON.stringify({ ...description, balance: method }));
    const { printed } = await cytolocus(...command, '--balance', method, '--out', out);
    expect(printed).toMatch(new RegExp(`^location +crops +${method}\n`));
    return ['Mitotic spindle', 'Cytosol'].map((name) => {
      const [before, after] = rowsOf(printed).get(name)!;
      expect(before).toBe(name === 'Cytosol' ? frequent : rare);
      return after;
    });
  };
  expect(await balanced('undersample')).toEqual([rare, rare]);
  expect(await balanced('oversample')).toEqual([frequent, frequent]);
  const [evened, same] = await balanced('class-weights');
  expect(evened).toBe(same);
  expect(Math.abs(evened - (rare + frequent) / 2)).toBeLessThan(1);
  const [raised, lowered] = await balanced('sample-weights');
  expect(raised).toBeGreaterThan(rare);
  expect(raised).toBeLessThan(lowered);
  expect(Math.abs(raised + lowered - rare - frequent)).toBeLessThanOrEqual(1);
  const [repeated, left] = await balanced('multi-label');
  expect(repeated).toBeGreaterThan(rare);
  expect([repeated < frequent, left]).toEqual([true, frequent]);

  const other = await cytolocus(...command, '--balance', 'oversample', '--out', made);
  expect(other.noted).toContain('made with balance "none", now it is "oversample"');
  const unknown = await cytolocus(...command, '--balance', 'fair', '--out', made);
  expect(unknown.code).toBe(2);
  expect(unknown.noted).toMatch(/'fair' is invalid.*none, undersample, oversample, class-weights/);
});

test('a classifier is trained from a store, and says what does not fit', async () => {
  const folder = temporaryFolder();
  const train = (data: string, ...more: string[]) =>
    cytolocus(
      ...['train', 'classifier', '--data', data, '--out', join(folder, 'mine.onnx'), '--epochs', '1'],
      ...['--batch', '4', '--validation', '0.5', '--threads', '1', ...more],
    );
  const store = join(folder, 'store');
  cpSync(whole, store, { recursive: true });
  const shard = join(store, 'crops-00000.npy');
  const bytes = readFileSync(shard);
  bytes[200] ^= 1;
  writeFileSync(shard, bytes);
  expect((await train(store)).noted).toMatch(/the crop in row 0 .* is damaged/);
  const trained = await train(store, '--omit-damaged');
  expect(trained.noted).toContain('warning: 1 crops of crops-00000.npy are damaged (store-crop-damaged)');
  expect(trained.noted).toMatch(/\d+ cells to train on, \d+ to validate/);
  expect(trained.noted).toMatch(/warning: \d+ of 19 locations have no cell to learn from/);
  expect(trained.printed).toMatch(/validation: ranking of \d+ cells/);
  expect(trained.code).toBe(0);
  const bags = ['--network', 'conv_basic3', '--weak-labels', 'bags', '--bag', '2'];
  expect((await train(whole, ...bags)).code).toBe(0);
  expect((await train(whole, ...bags, '--memory', '1')).noted).toMatch(/bags need all \d+ crops in memory/);

  expect((await train(whole, '--memory', '10')).noted).toMatch(/the limit of \d+ MB is below the \d+ MB/);
  const small = join(folder, 'small');
  await writeStore(small, [['a', 6]]);
  expect((await train(small)).noted).toMatch(/its crops are 3x3, but the network .* takes 128x128/);
  const blind = join(folder, 'blind');
  const crop = { ...DEFAULT_CROP, channels: ['nuclei', 'er'] } as const;
  await writeStore(blind, [], describeStore(crop, 'masks', '0'));
  expect((await train(blind)).noted).toMatch(
    /the channels nuclei, er; a classifier needs protein among them/,
  );
});
