import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import { drawBags } from '../../src/training/bags.js';
import { withoutDoubtful } from '../../src/training/crop-ranking.js';
import { copiedLabels, type LabelledCell, lessonsOf } from '../../src/training/lessons.js';
import { pseudoLabels } from '../../src/training/pseudo-labels.js';
import { drawUpLessons } from '../../src/training/rounds.js';
import { checkWeakLabels, DEFAULT_WEAK_LABELS, roundEnds } from '../../src/training/weak-labels.js';

const CLASSES = LOCATIONS.length;
/** Image a: two cells of Nucleoplasm (0) and Cytosol (16); image b: four of Centrosome (12); image c: one Negative. */
const CELLS: LabelledCell[] = [
  ...Array.from({ length: 2 }, () => ({ image: 'a', locations: [0, 16] })),
  ...Array.from({ length: 4 }, () => ({ image: 'b', locations: [12] })),
  { image: 'c', locations: [NEGATIVE] },
];

/** Scores of the cells: what is not named is 0. */
function scoresOf(...cells: Record<number, number>[]): Float32Array {
  const scores = new Float32Array(cells.length * CLASSES);
  cells.forEach((cell, i) => {
    for (const [id, score] of Object.entries(cell)) scores[i * CLASSES + Number(id)] = score;
  });
  return scores;
}

/** A cell's entries that are not 0 (in weights: not 1), rounded. */
function entries(table: Float32Array, cell: number, silent = 0): Record<number, number> {
  const row = [...table.subarray(cell * CLASSES, (cell + 1) * CLASSES)];
  return Object.fromEntries(
    row.flatMap((value, id) => (value === silent ? [] : [[id, Math.round(value * 1000) / 1000]])),
  );
}

const SCORES = scoresOf(
  { 0: 0.8, 16: 0.1, 5: 0.9 },
  { 0: 0.2, 16: 0.4 },
  { 12: 0.04 },
  { 12: 0.03 },
  { 12: 0.001 },
  { 12: 0.02, [NEGATIVE]: 0.9 },
  { [NEGATIVE]: 0.3 },
);

test('copied labels give every cell its image’s locations', () => {
  const { targets, entryWeights } = copiedLabels(CELLS);
  expect(entries(targets, 1)).toEqual({ 0: 1, 16: 1 });
  expect(entries(targets, 5)).toEqual({ 12: 1 });
  expect(entryWeights).toBeNull();
});

test('pseudo-labels compare a cell with the strongest of its image, in steps, and keep the rest of the copy', () => {
  const { targets, entryWeights } = pseudoLabels(CELLS, SCORES, { mix: 0.8, levels: 3 });
  // 0.8 is the strongest of a for 0; 0.2 is a quarter of it, which rounds to half a step: 0.5.
  expect(entries(targets, 0)).toEqual({ 0: 1, 16: 0.6 });
  expect(entries(targets, 1)).toEqual({ 0: 0.6, 16: 1 });
  // A rare location with low scores is still shown by the best of its image.
  expect([2, 3, 4, 5].map((cell) => entries(targets, cell)[12])).toEqual([1, 1, 0.2, 0.6]);
  expect(entries(targets, 6)).toEqual({ [NEGATIVE]: 1 });
  // That a cell without its image's location may be Negative counts less; elsewhere all counts.
  expect(entries(entryWeights!, 4, 1)).toEqual({ [NEGATIVE]: 0.2 });
  expect(entries(entryWeights!, 2, 1)).toEqual({});
  expect(entries(entryWeights!, 6, 1)).toEqual({});
});

const anyScores = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), {
  minLength: CELLS.length * CLASSES,
  maxLength: CELLS.length * CLASSES,
});

test('law: no method ever adds a location that the image lacks, and each location keeps a cell that fully shows it', () => {
  fc.assert(
    fc.property(anyScores, fc.float({ min: 0, max: 1, noNaN: true }), (numbers, share) => {
      const scores = Float32Array.from(numbers);
      for (const method of ['copy', 'pseudo-labels', 'ranking', 'bags'] as const) {
        const weakLabels = { ...DEFAULT_WEAK_LABELS, method, mix: share, drop: share * 0.99 };
        const { targets, entryWeights } = drawUpLessons(CELLS, scores, weakLabels);
        const copied = copiedLabels(CELLS).targets;
        expect(targets.every((target, i) => target >= 0 && target <= copied[i])).toBe(true);
        for (const { image, locations } of CELLS) {
          for (const id of locations) {
            const own = [...CELLS.keys()].filter((i) => CELLS[i].image === image);
            const taught = own.filter((i) => (entryWeights?.[i * CLASSES + id] ?? 1) > 0);
            expect(Math.max(...taught.map((i) => targets[i * CLASSES + id]))).toBe(1);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('ranking leaves open what the least likely cells of a location show, but never an image’s best', () => {
  const { targets, entryWeights } = withoutDoubtful(CELLS, SCORES, { drop: 0.5 });
  expect(targets).toEqual(copiedLabels(CELLS).targets);
  // Of four cells with 12, the two lowest; of two with 0 and with 16, one each; the only Negative stays.
  expect(CELLS.map((_, cell) => entries(entryWeights!, cell, 1))).toEqual([
    { 16: 0 },
    { 0: 0 },
    {},
    {},
    { 12: 0 },
    { 12: 0 },
    {},
  ]);
});

test('before there is a network, methods with rounds teach the copy', () => {
  const { targets, entryWeights } = drawUpLessons(CELLS, null, {
    ...DEFAULT_WEAK_LABELS,
    method: 'ranking',
  });
  expect(targets).toEqual(copiedLabels(CELLS).targets);
  expect(entryWeights).toEqual(new Float32Array(targets.length).fill(1));
});

test('lessons of some cells are their rows', () => {
  const { targets } = lessonsOf(Uint32Array.of(6, 0, 0), copiedLabels(CELLS));
  expect([0, 1, 2].map((row) => entries(targets, row))).toEqual([
    { [NEGATIVE]: 1 },
    { 0: 1, 16: 1 },
    { 0: 1, 16: 1 },
  ]);
});

test('law: a bag is of one image, and an epoch’s bags bring every sample', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer(),
      (images, bagSize, seed) => {
        const order = [...drawBags(images, bagSize, createRandom(seed))];
        expect(order.length % bagSize).toBe(0);
        expect(new Set(order).size).toBe(images.length);
        for (let begin = 0; begin < order.length; begin += bagSize) {
          const bag = order.slice(begin, begin + bagSize);
          expect(new Set(bag.map((i) => images[i])).size).toBe(1);
          const inImage = images.filter((image) => image === images[bag[0]]).length;
          expect(new Set(bag).size).toBe(Math.min(bagSize, inImage));
        }
      },
    ),
  );
});

test('rounds part the epochs evenly and end with the last', () => {
  expect(roundEnds({ rounds: 3 }, 8)).toEqual([3, 5, 8]);
  expect(roundEnds({ rounds: 1 }, 8)).toEqual([8]);
});

test.each([
  [{ mix: 1.5 }, 'mix is 1.5, expected a share from 0 to 1'],
  [{ levels: 1 }, 'levels is 1, expected a whole number from 2 on'],
  [{ drop: 1 }, 'drop is 1, expected a share from 0 to below 1'],
  [{ method: 'bags', bagSize: 5 }, 'bagSize is 5, expected a divisor of the batch size, 32'],
  [{ method: 'ranking', rounds: 9 }, 'rounds is 9, expected at most the number of epochs, 8'],
] as const)('weak labels %j are refused', (changed, message) => {
  expect(() => checkWeakLabels({ ...DEFAULT_WEAK_LABELS, ...changed }, 32, 8)).toThrow(message);
});
