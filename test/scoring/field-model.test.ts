import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import {
  adjustScores,
  FIELD_EVIDENCE,
  type FieldModel,
  fieldEvidence,
  likelyLocations,
  logit,
  scoreByFieldModel,
  scoreInField,
} from '../../src/scoring/index.js';

const CLASSES = LOCATIONS.length;
const [MEAN, POWER, STRONGEST, LOGITS] = [0, 1, 2, 3].map((kind) => kind * CLASSES);

/** 19 scores: what is not named is 0.5. */
function cell(named: Record<number, number>): Float32Array {
  return Float32Array.from(LOCATIONS, (_, id) => named[id] ?? 0.5);
}

/** A model that reads one number of the evidence for each location it names. */
function model(read: Record<number, { evidence: number; weight: number }>): FieldModel {
  return {
    weights: LOCATIONS.map((_, id) => {
      const weights = new Array<number>(FIELD_EVIDENCE).fill(0);
      if (read[id]) weights[read[id].evidence] = read[id].weight;
      return weights;
    }),
    offsets: new Array<number>(CLASSES).fill(0),
  };
}

test('the evidence is what the cells say together, in four ways', () => {
  const cells = [0.1, 0.2, 0.4, 0.9, 0.4].map((score) => cell({ 3: score }));
  const evidence = fieldEvidence(cells);
  expect(evidence).toHaveLength(FIELD_EVIDENCE);
  expect(evidence[MEAN + 3]).toBeCloseTo(logit(0.4), 5);
  expect(evidence[POWER + 3]).toBeCloseTo(
    logit(((0.1 ** 4 + 0.2 ** 4 + 2 * 0.4 ** 4 + 0.9 ** 4) / 5) ** 0.25),
    5,
  );
  // Two of five are the strongest quarter, rounded up.
  expect(evidence[STRONGEST + 3]).toBeCloseTo(logit(0.65), 5);
  expect(evidence[LOGITS + 3]).toBeCloseTo((logit(0.1) + logit(0.2) + 2 * logit(0.4) + logit(0.9)) / 5, 5);
  expect(evidence[LOGITS + 4]).toBeCloseTo(0, 5);
});

test('one location may speak against another', () => {
  const cells = [cell({ 2: 0.9, 3: 0.9 })];
  const likely = likelyLocations(cells, model({ 3: { evidence: MEAN + 2, weight: -1 } }));
  expect(likely[3]).toBeCloseTo(0.1, 5);
  expect(likely[2]).toBeCloseTo(0.5, 5);
});

test('a cell’s score is drawn to how likely its field shows the location, but for Negative', () => {
  const cells = [cell({ 3: 0.2, [NEGATIVE]: 0.7 }), cell({ 3: 0.8, [NEGATIVE]: 0.1 })];
  const scores = scoreByFieldModel(cells, model({ 3: { evidence: MEAN + 3, weight: 1 } }));
  // The field shows it with 0.5, the mean.
  expect(scores.map((one) => one[3])).toEqual([
    expect.closeTo(Math.cbrt(0.2 * 0.25), 5),
    expect.closeTo(Math.cbrt(0.8 * 0.25), 5),
  ]);
  expect(scores.map((one) => one[NEGATIVE])).toEqual([expect.closeTo(0.7, 5), expect.closeTo(0.1, 5)]);
  expect(scoreByFieldModel([], model({}))).toEqual([]);
});

test('where a file has a field model it takes the place of the formula, if the field counts at all', () => {
  const cells = [cell({ 3: 0.2 }), cell({ 3: 0.8 })];
  const fieldModel = model({});
  const adjusted = (fieldContext: boolean, given: FieldModel | null) =>
    adjustScores(cells, {
      prediction: { negative: 'own', fieldContext },
      fieldModel: given,
      calibration: null,
    });
  expect(adjusted(true, fieldModel)).toEqual(scoreByFieldModel(cells, fieldModel));
  expect(adjusted(true, null)).toEqual(scoreInField(cells));
  expect(adjusted(false, fieldModel)).toEqual(cells);
});

test('law: the order of the cells tells nothing, and within a field they keep theirs for each location', () => {
  const scores = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 19, maxLength: 19 });
  const some = model({ 3: { evidence: STRONGEST + 5, weight: -2 }, 5: { evidence: LOGITS + 5, weight: 3 } });
  fc.assert(
    fc.property(fc.array(scores, { minLength: 1, maxLength: 6 }), (numbers) => {
      const cells = numbers.map((one) => Float32Array.from(one));
      const changed = scoreByFieldModel(cells, some);
      const turned = scoreByFieldModel([...cells].reverse(), some).reverse();
      changed.forEach((one, a) => {
        one.forEach((score, id) => {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(score).toBeCloseTo(turned[a][id], 5);
          cells.forEach((other, b) => {
            if (cells[a][id] <= other[id]) expect(score).toBeLessThanOrEqual(changed[b][id]);
          });
        });
      });
    }),
  );
});
