import { describe, expect, test } from 'vitest';
import { encodeMask } from '../../src/masks/index.js';
import {
  type CellRecord,
  cellRecords,
  confusionOf,
  groupByBorder,
  groupByCrowding,
  groupBySize,
  overlapsOfMasks,
} from '../../src/scoring/index.js';
import { type Rectangle, rectangleMask } from './rectangles.js';

const maskOf = (rectangle: Rectangle) => encodeMask(rectangleMask(rectangle), 20, 20);

test('records: area, border, neighbours, the found cell and its scores', () => {
  const truth = {
    id: 'a',
    width: 20,
    height: 20,
    cells: [
      { name: 'one', mask: maskOf([0, 0, 4, 4]), locations: [1] },
      { name: 'two', mask: maskOf([3, 3, 9, 9]), locations: null },
      { name: 'three', mask: maskOf([12, 12, 16, 16]), locations: [0] },
    ],
  };
  const prediction = {
    masks: [maskOf([0, 0, 4, 3]), maskOf([14, 12, 18, 16])],
    detections: [
      { instance: 0, classId: 1, score: -2 },
      { instance: 0, classId: 1, score: -1 },
    ],
  };
  const overlaps = overlapsOfMasks(
    prediction.masks,
    truth.cells.map(({ mask }) => mask),
  );
  const records = cellRecords(7, truth, prediction, overlaps, 3);
  expect(records).toEqual([
    {
      image: 7,
      name: 'one',
      areaPx: 16,
      touchesEdge: true,
      neighbours: 1,
      iou: 0.75,
      locations: [1],
      // Of two detections of a class the greater counts; classes without one score 0.
      scores: Float64Array.of(0, -1, 0),
    },
    {
      image: 7,
      name: 'two',
      areaPx: 36,
      touchesEdge: false,
      neighbours: 1,
      iou: 0,
      locations: null,
      scores: null,
    },
    {
      image: 7,
      name: 'three',
      areaPx: 16,
      touchesEdge: false,
      neighbours: 0,
      iou: 0,
      locations: [0],
      scores: null,
    },
  ]);
});

/** A cell with the facts that matter to a test. */
function cell(facts: Partial<CellRecord>): CellRecord {
  return {
    image: 0,
    name: '',
    areaPx: 10,
    touchesEdge: false,
    neighbours: 0,
    iou: 1,
    locations: [0],
    scores: Float64Array.of(1, 0, 0),
    ...facts,
  };
}

describe('confusion', () => {
  test('right on the diagonal, beside it only what a cell does not show, nothing called apart', () => {
    const records = [
      cell({ locations: [0, 1], scores: Float64Array.of(0.9, 0.1, 0.8) }),
      cell({ locations: [0], scores: Float64Array.of(0.9, 0.5, 0) }),
      cell({ locations: [0], scores: Float64Array.of(0.1, 0.1, 0.1) }),
      cell({ locations: [0], scores: null, iou: 0 }),
      cell({ locations: null }),
    ];
    const { cells, shares, missed } = confusionOf(records, 0.5, 3);
    expect(cells).toEqual([3, 1, 0]);
    expect(shares[0]).toEqual([2 / 3, 1 / 3, 1 / 3]);
    // The cell that shows both: 0 is called rightly, so it is no confusion of 1.
    expect(shares[1]).toEqual([0, 0, 1]);
    expect(shares[2]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(missed).toEqual([1 / 3, 0, Number.NaN]);
  });
});

describe('groups', () => {
  test('quarters by size, equal sizes together', () => {
    const records = [1, 2, 3, 4, 5, 6, 7, 8].map((areaPx) => cell({ areaPx, iou: areaPx / 10 }));
    expect(groupBySize(records, 0.5).map(({ name, cells }) => [name, cells])).toEqual([
      ['1 to 2 px', 2],
      ['3 to 4 px', 2],
      ['5 to 6 px', 2],
      ['7 to 8 px', 2],
    ]);
    expect(groupBySize(records, 0.5)[2]).toMatchObject({ found: 0.5, meanIou: expect.closeTo(0.55, 12) });
    expect(groupBySize([cell({}), cell({}), cell({})], 0.5)).toMatchObject([
      { name: '10 to 10 px', cells: 3 },
    ]);
    expect(groupBySize([], 0.5)).toEqual([]);
  });

  test('border and crowding: F1 of the locations of found cells; empty groups are left out', () => {
    const records = [
      cell({ touchesEdge: true, neighbours: 2, locations: [1], scores: Float64Array.of(0.7, 0.6, 0) }),
      cell({ touchesEdge: true, neighbours: 9, iou: 0, scores: null }),
    ];
    expect(groupByBorder(records, 0.5)).toEqual([
      { name: 'at the border', cells: 2, found: 0.5, meanIou: 0.5, locationF1: 2 / 3 },
    ]);
    expect(groupByCrowding(records, 0.5).map(({ name, locationF1 }) => [name, locationF1])).toEqual([
      ['1 or 2 neighbours', 2 / 3],
      ['5 neighbours or more', Number.NaN],
    ]);
  });
});
