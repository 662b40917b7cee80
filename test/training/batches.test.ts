import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, NEGATIVE } from '../../src/common/index.js';
import { type Augmentation, augmentCrop } from '../../src/training/augmentation.js';
import { judgingBatches, trainingBatches } from '../../src/training/batches.js';
import { type FieldCells, listCells } from '../../src/training/cells.js';
import { copiedLabels } from '../../src/training/lessons.js';

const NONE: Augmentation = {
  turns: false,
  freeTurn: 0,
  logZoom: 0,
  shiftPx: 0,
  logGain: 0,
  logGamma: 0,
  blur: 0,
  blurPx: 0,
  noise: 0,
  drop: {},
  toNegative: 0,
};
const CROP = { channels: ['protein', 'er'], sizePx: 3 } as const;
const SOURCE = Uint8Array.from({ length: 18 }, (_, i) => i * 10);

/** A field whose cell k has crops filled with `first + k`. */
function fieldOf(key: string, locations: number[], count: number, first: number): FieldCells {
  return {
    key,
    locations,
    cells: Array.from({ length: count }, (_, k) => k + 1),
    crops: Uint8Array.from({ length: count * 18 }, (_, i) => first + Math.floor(i / 18)),
  };
}

function augmented(changed: Partial<Augmentation>, seed = 1) {
  const crop = new Float32Array(18);
  const labels = new Float32Array(19);
  labels[3] = 1;
  augmentCrop(SOURCE, crop, labels, CROP.channels, CROP.sizePx, { ...NONE, ...changed }, createRandom(seed));
  return { bytes: [...crop].map((value) => Math.round(value * 255)), labels: [...labels] };
}

test('without variation a crop stays as it is', () => {
  expect(augmented({}).bytes).toEqual([...SOURCE]);
});

test('turns are the eight of a square, the same for all channels', () => {
  const turned = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const { bytes } = augmented({ turns: true }, seed);
    expect(bytes.slice(9)).toEqual(bytes.slice(0, 9).map((value) => value + 90));
    turned.add(bytes.slice(0, 9).join());
  }
  expect(turned).toEqual(
    new Set(
      ['0,1,2,3,4,5,6,7,8', '2,1,0,5,4,3,8,7,6', '6,7,8,3,4,5,0,1,2', '8,7,6,5,4,3,2,1,0'].flatMap((rows) => {
        const order = rows.split(',').map(Number);
        const swapped = [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => order[at]);
        return [order, swapped].map((places) => places.map((place) => place * 10).join());
      }),
    ),
  );
});

test('law: a free turn keeps the middle and never leaves [0, 1]', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { bytes } = augmented({ freeTurn: 1, logZoom: 0.2 }, seed);
      expect(bytes[4]).toBe(40);
      expect(bytes.every((value) => value >= 0 && value <= 255)).toBe(true);
    }),
  );
});

test('a dropped channel is dark, and no other', () => {
  expect(augmented({ drop: { er: 1 } }).bytes).toEqual([...SOURCE.slice(0, 9), ...Array(9).fill(0)]);
});

test('a crop whose protein is dimmed away is labelled Negative', () => {
  const { bytes, labels } = augmented({ toNegative: 1 });
  expect(labels.flatMap((value, id) => (value > 0 ? [id] : []))).toEqual([NEGATIVE]);
  expect(Math.max(...bytes.slice(0, 9))).toBeLessThanOrEqual(0.2 * 80);
  expect(bytes.slice(9)).toEqual([...SOURCE.slice(9)]);
});

const CELLS = listCells([fieldOf('a', [2], 4, 10), fieldOf('b', [7, 18], 3, 20)]);

const LABELLED = CELLS.map(({ field }) => ({ image: field.key, locations: field.locations }));
const PLAN = {
  augmentation: NONE,
  samples: Uint32Array.from(CELLS, (_, i) => i),
  weights: Float32Array.from(CELLS, (_, i) => i),
  lessons: copiedLabels(LABELLED),
  bagSize: null,
};

function readAll(seed: number, epoch: number) {
  const source = trainingBatches(CELLS, CROP, { ...PLAN, batchSize: 3, seed });
  return [...(source.read(epoch) as Iterable<Parameters<typeof describeBatch>[0]>)].flatMap(describeBatch);
}

function describeBatch(batch: {
  count: number;
  inputs: Readonly<Record<string, Float32Array>>;
  targets: Readonly<Record<string, Float32Array>>;
  sampleWeights?: Float32Array;
}) {
  return Array.from({ length: batch.count }, (_, k) => ({
    value: Math.round(batch.inputs.crops[k * 18] * 255),
    classes: [...batch.targets.logits.slice(k * 19, (k + 1) * 19)].flatMap((on, id) => (on ? [id] : [])),
    weight: batch.sampleWeights?.[k],
  }));
}

test('an epoch brings every cell at most once, with its label and its weight', () => {
  const seen = readAll(1, 0);
  expect(seen).toHaveLength(6);
  expect(new Set(seen.map(({ value }) => value)).size).toBe(6);
  for (const { value, classes, weight } of seen) {
    expect(classes).toEqual(value < 20 ? [2] : [7, 18]);
    expect(weight).toBe(value < 20 ? value - 10 : value - 16);
  }
});

test('order depends on seed and epoch alone', () => {
  expect(readAll(1, 4)).toEqual(readAll(1, 4));
  expect(readAll(1, 4)).not.toEqual(readAll(1, 5));
  expect(readAll(1, 4)).not.toEqual(readAll(2, 4));
});

test('judging brings all cells in order, the last batch short', () => {
  const batches = [
    ...(judgingBatches(CELLS, CROP, 3).read(0) as Iterable<Parameters<typeof describeBatch>[0]>),
  ];
  expect(batches.map(({ count }) => count)).toEqual([3, 3, 1]);
  expect(batches.flatMap(describeBatch).map(({ value }) => value)).toEqual([10, 11, 12, 13, 20, 21, 22]);
});

test('fewer cells than a batch are refused', () => {
  expect(() => trainingBatches(CELLS, CROP, { ...PLAN, batchSize: 8, seed: 1 })).toThrow(
    '7 cell(s) are fewer than one batch of 8',
  );
});
