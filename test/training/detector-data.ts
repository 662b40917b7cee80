/** Small COCO data sets, of disks and of synthetic fields, for tests of the detector. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRgbPng } from '../../src/io/index.js';
import { COCO_CATEGORIES, type CocoFile, cocoAnnotations, encodeMask } from '../../src/masks/index.js';
import { exportCoco, openSegmenter, runSynthesis } from '../../src/runs/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';

export const PIXEL_SIZES = { kind: 'given', pixelSizeUm: 0.5 } as const;

/**
 * Writes pictures `N.png` of two disks each and the data set of them: the left disk green (Nucleoplasm), the right one
 * red (Golgi apparatus).
 */
export async function writeDisks(folder: string, images: number, size = 64): Promise<CocoFile> {
  await mkdir(folder, { recursive: true });
  const annotations: CocoFile['annotations'] = [];
  for (let k = 1; k <= images; k++) {
    const data = new Uint8Array(3 * size * size).fill(8);
    const masks = [0, 1].map((which) => {
      const x0 = size * (0.27 + 0.46 * which) + (k % 3);
      const y0 = size * (0.4 + 0.05 * (k % 4));
      const mask = new Uint8Array(size * size);
      for (let i = 0; i < mask.length; i++) {
        if (Math.hypot((i % size) - x0, Math.floor(i / size) - y0) > size / 6) continue;
        mask[i] = 1;
        data[3 * i + (which === 0 ? 1 : 0)] = 180;
        data[3 * i + 2] = 90;
      }
      return encodeMask(mask, size, size);
    });
    await writeRgbPng(join(folder, `${k}.png`), { width: size, height: size, data });
    const cells = masks.map((mask, i) => ({ cell: i + 1, mask, locations: [i === 0 ? 0 : 7] }));
    annotations.push(...cocoAnnotations(k, cells, annotations.length + 1));
  }
  return {
    images: Array.from({ length: images }, (_, i) => ({
      ...{ id: i + 1, file_name: `${i + 1}.png`, width: size, height: size },
    })),
    annotations,
    categories: [...COCO_CATEGORIES],
  };
}

export async function writeCoco(path: string, coco: object): Promise<string> {
  await writeFile(path, JSON.stringify(coco));
  return path;
}

/** Makes synthetic fields of 256 x 256 px with their data set `fields.json`, whose path is returned. */
export async function writeFields(folder: string, images: number): Promise<string> {
  const out = join(folder, 'fields.json');
  await runSynthesis(
    images,
    {
      ...defaultSynthSettings,
      pixelSizeUm: PIXEL_SIZES.pixelSizeUm,
      width: 256,
      height: 256,
      seed: 77,
      labels: 'balanced',
    },
    folder,
    { workers: 2 },
  );
  await exportCoco(
    [folder],
    {
      ...{ out, labels: null, pixelSizes: PIXEL_SIZES, encoding: 'rle', pictures: null },
      outlines: { masks: join(folder, 'truth'), segmenter: await openSegmenter('classical') },
    },
    { found() {}, done() {}, problem() {} },
  );
  return out;
}
