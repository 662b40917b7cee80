import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CropOptions, cutCrop, cutCrops, measureLevels } from '../../src/crops/index.js';
import { type FieldOfView, type LabelImage, measureRegions, type Plane } from '../../src/imaging/index.js';

const plain: CropOptions = {
  sizePx: 4,
  channels: ['protein'],
  masking: 'none',
  marginUm: 0,
  resize: { kind: 'stretch' },
  normalisation: { kind: 'full-scale' },
};

function plane(width: number, values: number[]): Plane {
  return { width, height: values.length / width, bitDepth: 8, data: Uint8Array.from(values) };
}

function fieldOf(protein: Plane, pixelSizeUm = 1): FieldOfView {
  const { width, height } = protein;
  return {
    id: 'f',
    width,
    height,
    pixelSizeUm,
    channels: { microtubules: protein, protein, nuclei: protein, er: null },
  };
}

function labels(width: number, values: number[]): LabelImage {
  return { width, height: values.length / width, data: Int32Array.from(values) };
}

const asBytes = (crop: Float32Array) => Array.from(crop, (value) => Math.round(value * 255));

// Two cells side by side with one column of background between and around them.
const FIELD = fieldOf(plane(6, [10, 20, 30, 40, 50, 60, 11, 21, 31, 41, 51, 61]));
const CELLS = labels(6, [0, 1, 0, 2, 2, 0, 0, 1, 0, 2, 2, 0]);
const CELL_2 = { label: 2, box: { x: 3, y: 0, width: 2, height: 2 } };

test('a window of the crop’s own size is copied', () => {
  expect(asBytes(cutCrop(FIELD, { cells: CELLS }, CELL_2, { ...plain, sizePx: 2 }))).toEqual([
    40, 50, 41, 51,
  ]);
});

test('shrinking takes the mean of what a pixel covers', () => {
  expect(asBytes(cutCrop(FIELD, { cells: CELLS }, CELL_2, { ...plain, sizePx: 1 }))).toEqual([46]);
});

test('a window wider than the field shows 0 beyond it', () => {
  const crop = cutCrop(FIELD, { cells: CELLS }, CELL_2, { ...plain, resize: { kind: 'crop', pixelUm: 1 } });
  expect(asBytes(crop)).toEqual([0, 0, 0, 0, 30, 40, 50, 60, 31, 41, 51, 61, 0, 0, 0, 0]);
});

test.each([
  ['none', [20, 30, 40, 50, 60, 21, 31, 41, 51, 61]],
  ['neighbours', [0, 30, 40, 50, 60, 0, 31, 41, 51, 61]],
  ['full', [0, 0, 40, 50, 0, 0, 0, 41, 51, 0]],
] as const)('masking %s', (masking, expected) => {
  const options = { ...plain, sizePx: 6, masking, resize: { kind: 'crop', pixelUm: 1 } } as const;
  const crop = asBytes(cutCrop(FIELD, { cells: CELLS }, CELL_2, options));
  const row = (y: number) => crop.slice(y * 6, y * 6 + 5);
  expect([...row(2), ...row(3)]).toEqual(expected);
});

test('the protein can be cleaned by the mask while the other channels keep theirs', () => {
  const options = {
    ...plain,
    sizePx: 6,
    cleanProtein: true,
    resize: { kind: 'crop', pixelUm: 1 },
    channels: ['protein', 'nuclei'],
  } as const;
  const crop = asBytes(cutCrop(FIELD, { cells: CELLS }, CELL_2, options));
  const row = (channel: number) => crop.slice(36 * channel + 12, 36 * channel + 17);
  expect([row(0), row(1)]).toEqual([
    [0, 0, 40, 50, 0],
    [20, 30, 40, 50, 60],
  ]);
});

test('the margin is in um', () => {
  const fine = fieldOf(FIELD.channels.protein, 0.5);
  const crop = cutCrop(
    fine,
    { cells: CELLS },
    { label: 1, box: { x: 1, y: 0, width: 2, height: 2 } },
    { ...plain, marginUm: 0.5 },
  );
  expect(asBytes(crop).slice(4, 8)).toEqual([10, 20, 30, 40]);
});

test('fit keeps the physical scale of a small cell and grows for a large one', () => {
  const wide = fieldOf(plane(8, Array(64).fill(100)));
  const cells = labels(8, Array(64).fill(1));
  const fit = { ...plain, resize: { kind: 'fit', pixelUm: 1 } } as const;
  const small = cutCrop(wide, { cells }, { label: 1, box: { x: 3, y: 3, width: 2, height: 2 } }, fit);
  const large = cutCrop(wide, { cells }, { label: 1, box: { x: 0, y: 2, width: 8, height: 4 } }, fit);
  expect(asBytes(small)).toEqual(Array(16).fill(100));
  expect(asBytes(large)).toEqual(Array(16).fill(100));
  const cut = cutCrop(wide, { cells }, { label: 1, box: { x: 6, y: 2, width: 4, height: 4 } }, fit);
  expect(asBytes(cut).slice(0, 4)).toEqual([100, 100, 0, 0]);
});

test('channels come in the order asked for, and a missing one is dark', () => {
  const options = { ...plain, sizePx: 1, channels: ['er', 'nuclei'] } as const;
  expect(asBytes(cutCrop(FIELD, { cells: CELLS }, CELL_2, options))).toEqual([0, 46]);
});

test('crops of all cells are those of each', () => {
  const regions = measureRegions(CELLS);
  const options = {
    ...plain,
    normalisation: { kind: 'field-percentile', percentile: 90, floor: 0.01, gamma: 0.5 },
  } as const;
  const all = cutCrops(FIELD, { cells: CELLS }, regions, options);
  const each = regions.map((region) => [...cutCrop(FIELD, { cells: CELLS }, region, options)]);
  expect([...all]).toEqual(each.flat());
});

test('levels are a percentile over cells only, at least the floor', () => {
  const options = (floor: number, percentile = 100) =>
    ({
      channels: ['protein', 'er'],
      normalisation: { kind: 'field-percentile', percentile, floor, gamma: 1 },
    }) as const;
  expect([...measureLevels(FIELD, CELLS, options(0.1))]).toEqual([51 / 255, 1]);
  expect([...measureLevels(FIELD, CELLS, options(0.1, 50))]).toEqual([40 / 255, 1]);
  expect([...measureLevels(FIELD, CELLS, options(0.5))]).toEqual([0.5, 1]);
  expect([...measureLevels(FIELD, labels(6, Array(12).fill(0)), options(0.1))]).toEqual([0.1, 1]);
});

test('brightness of the whole field does not matter above the floor', () => {
  const options = {
    ...plain,
    normalisation: { kind: 'field-percentile', percentile: 99, floor: 0.1, gamma: 0.5 },
  } as const;
  const bright = fieldOf(
    plane(
      6,
      [...FIELD.channels.protein.data].map((value) => value * 4),
    ),
  );
  const dim = cutCrop(FIELD, { cells: CELLS }, CELL_2, options);
  expect(cutCrop(bright, { cells: CELLS }, CELL_2, options)).toEqual(dim);
  expect(Math.max(...dim)).toBe(1);
});

test('8-bit, 16-bit and float planes give the same crop', () => {
  const { width, height, data } = FIELD.channels.protein;
  const sixteen = fieldOf({ width, height, bitDepth: 16, data: Uint16Array.from(data, (v) => v * 257) });
  const float = fieldOf({ width, height, bitDepth: 32, data: Float32Array.from(data, (v) => v / 255) });
  const crop = asBytes(cutCrop(FIELD, { cells: CELLS }, CELL_2, plain));
  expect(asBytes(cutCrop(sixteen, { cells: CELLS }, CELL_2, plain))).toEqual(crop);
  expect(asBytes(cutCrop(float, { cells: CELLS }, CELL_2, plain))).toEqual(crop);
});

test('law: a constant stays constant wherever the window lies inside the field', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: 24 }),
      fc.record({
        x: fc.integer({ min: 4, max: 8 }),
        y: fc.integer({ min: 4, max: 8 }),
        width: fc.integer({ min: 1, max: 8 }),
        height: fc.integer({ min: 1, max: 8 }),
      }),
      (value, sizePx, box) => {
        const field = fieldOf(plane(20, Array(400).fill(value)));
        const cells = labels(20, Array(400).fill(1));
        const crop = cutCrop(field, { cells }, { label: 1, box }, { ...plain, sizePx });
        for (const found of crop) expect(found).toBeCloseTo(value / 255, 5);
      },
    ),
  );
});

test('a label image of another size is refused', () => {
  expect(() => cutCrop(FIELD, { cells: labels(2, [1, 1]) }, CELL_2, plain)).toThrow(
    'field f: the label image is 2x1 but the field is 6x2',
  );
});
