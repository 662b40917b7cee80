/** The crops of the store benchmark: one store and the same crops as PNG files, made once and kept. */
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../src/common/index.js';
import { cropsToBytes, cutCrops, DEFAULT_CROP } from '../src/crops/index.js';
import { describeStore, openStore, openStoreForAppend, readCrops } from '../src/dataset/index.js';
import { measureRegions } from '../src/imaging/index.js';
import { defaultSynthSettings, simulateField } from '../src/synthetic/index.js';
import { augmentCrop } from '../src/training/augmentation.js';
import { DEFAULT_AUGMENTATION } from '../src/training/index.js';

export const CROPS = 50_000;
export const CROP_BYTES = DEFAULT_CROP.channels.length * DEFAULT_CROP.sizePx ** 2;
/** Kept between runs (6 GB): making the PNG files takes minutes. */
const FOLDER = join(tmpdir(), 'cytolocus-bench-store');
export const STORE = join(FOLDER, 'store');
export const PNGS = join(FOLDER, 'png');
/** Says how many PNG files are whole, so that making them goes on where it was stopped. */
const PNGS_DONE = join(FOLDER, 'png-done');
/** Crops of one pretended field. */
const FIELD = 20;

export function pngName(index: number): string {
  return join(PNGS, `${String(index).padStart(5, '0')}.png`);
}

/** Makes the store where it is not there from an earlier run. */
export async function ensureBenchStore(): Promise<void> {
  const store = existsSync(STORE) ? await openStore(STORE) : null;
  if (store?.cells.length !== CROPS) await writeBenchStore();
}

/** A store of the first crops of the large one: its shards under other names. @returns its folder */
export async function linkPart(crops: number): Promise<string> {
  const folder = join(FOLDER, `store-${crops}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(STORE))
    if (name.endsWith('.npy')) await link(join(STORE, name), join(folder, name));
  await copyFile(join(STORE, 'store.json'), join(folder, 'store.json'));
  const [header, ...rows] = (await readFile(join(STORE, 'cells.csv'), 'utf8')).trimEnd().split('\n');
  await writeFile(join(folder, 'cells.csv'), `${[header, ...rows.slice(0, crops)].join('\n')}\n`);
  return folder;
}

/**
 * Writes the store.
 * @returns seconds that writing took, without making the crops
 */
export async function writeBenchStore(): Promise<number> {
  await rm(STORE, { recursive: true, force: true });
  const originals = simulateCrops();
  const random = createRandom(1);
  const writer = await openStoreForAppend(STORE, describeStore(DEFAULT_CROP, 'masks', 'bench'));
  let seconds = 0;
  for (let first = 0; first < CROPS; first += FIELD) {
    const crops = new Float32Array(FIELD * CROP_BYTES);
    for (let i = 0; i < FIELD; i++) {
      const target = crops.subarray(i * CROP_BYTES, (i + 1) * CROP_BYTES);
      const original = originals[random.integer(originals.length)];
      const { channels, sizePx } = DEFAULT_CROP;
      augmentCrop(original, target, new Float32Array(19), channels, sizePx, VARIATION, random);
    }
    const field = `field${first}`;
    const cells = Array.from({ length: FIELD }, (_, i) => ({
      ...{ field, cell: i + 1, locations: [(first / FIELD) % 19], areaUm2: 400, touchesEdge: false },
      box: { x: 0, y: 0, width: 128, height: 128 },
    }));
    const bytes = cropsToBytes(crops);
    const start = performance.now();
    await writer.append(field, cells, bytes, '');
    seconds += (performance.now() - start) / 1000;
  }
  const start = performance.now();
  await writer.close();
  return seconds + (performance.now() - start) / 1000;
}

/** Quarter turns and intensities only: no two crops alike, and none blurred. */
const VARIATION = { ...DEFAULT_AUGMENTATION, freeTurn: 0, drop: {}, toNegative: 0 };

function simulateCrops(): Uint8Array[] {
  return Array.from({ length: 8 }, (_, index) => {
    const { field, segmentation } = simulateField(
      { ...defaultSynthSettings, width: 512, height: 512 },
      index,
    );
    const regions = measureRegions(segmentation.cells);
    const bytes = cropsToBytes(cutCrops(field, segmentation, regions, DEFAULT_CROP));
    return regions.map((_, i) => bytes.subarray(i * CROP_BYTES, (i + 1) * CROP_BYTES));
  }).flat();
}

/** Writes every crop of the store as a PNG file, its channels as red, green, blue and alpha. */
export async function writePngs(): Promise<void> {
  const done = existsSync(PNGS_DONE) ? Number(await readFile(PNGS_DONE, 'utf8')) : 0;
  if (done === CROPS) return;
  console.error(`  making PNG files in ${PNGS}`);
  await mkdir(PNGS, { recursive: true });
  const store = await openStore(STORE);
  const size = DEFAULT_CROP.sizePx;
  const raw = { width: size, height: size, channels: 4 } as const;
  const perRead = 64 * availableParallelism();
  for (let first = done; first < CROPS; first += perRead) {
    const cells = store.cells.slice(first, first + perRead);
    const bytes = await readCrops(store, cells);
    await Promise.all(
      cells.map((_, i) => {
        const interleaved = interleave(bytes.subarray(i * CROP_BYTES, (i + 1) * CROP_BYTES), size * size);
        return sharp(interleaved, { raw })
          .png()
          .toFile(pngName(first + i));
      }),
    );
    await writeFile(PNGS_DONE, `${Math.min(CROPS, first + perRead)}`);
  }
}

function interleave(planes: Uint8Array, area: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  for (let c = 0; c < 4; c++) for (let i = 0; i < area; i++) out[i * 4 + c] = planes[c * area + i];
  return out;
}
