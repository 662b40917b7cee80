import { type CellRecord, calledLocations } from './cell-records.js';

/** How well the cells of a group were found and located. */
export interface CellGroup {
  readonly name: string;
  readonly cells: number;
  /** Share found at IoU 0.6, the competition's. */
  readonly found: number;
  /** Mean IoU, cells that were not found counting 0. */
  readonly meanIou: number;
  /** F1 of all (cell, location) pairs of the found cells of known locations; NaN where there are none. */
  readonly locationF1: number;
}

const COUNTED_IOU = 0.6;

/** Groups by size: quarters of the cells by area, each named by its range in px. */
export function groupBySize(records: readonly CellRecord[], threshold: number): CellGroup[] {
  const areas = records.map(({ areaPx }) => areaPx).sort((a, b) => a - b);
  if (areas.length === 0) return [];
  // Equal areas stay together, so that a group is what its name says.
  const bounds = [
    ...new Set([1, 2, 3].map((quarter) => areas[Math.floor((quarter * areas.length) / 4)])),
  ].filter((bound) => bound > areas[0]);
  const lows = [areas[0], ...bounds];
  return lows.map((low, i) => {
    const high = lows[i + 1] ?? Number.POSITIVE_INFINITY;
    const name = `${low} to ${high === Number.POSITIVE_INFINITY ? areas[areas.length - 1] : high - 1} px`;
    const members = records.filter(({ areaPx }) => areaPx >= low && areaPx < high);
    return summarize(name, members, threshold);
  });
}

/** Cells that the image's border cuts off, and the others. */
export function groupByBorder(records: readonly CellRecord[], threshold: number): CellGroup[] {
  return nonEmpty([
    summarize(
      'inside',
      records.filter(({ touchesEdge }) => !touchesEdge),
      threshold,
    ),
    summarize(
      'at the border',
      records.filter(({ touchesEdge }) => touchesEdge),
      threshold,
    ),
  ]);
}

const CROWDING: readonly (readonly [name: string, low: number, high: number])[] = [
  ['alone', 0, 0],
  ['1 or 2 neighbours', 1, 2],
  ['3 or 4 neighbours', 3, 4],
  ['5 neighbours or more', 5, Number.POSITIVE_INFINITY],
];

/** By the number of neighbours (see `CellRecord`). */
export function groupByCrowding(records: readonly CellRecord[], threshold: number): CellGroup[] {
  return nonEmpty(
    CROWDING.map(([name, low, high]) =>
      summarize(
        name,
        records.filter(({ neighbours }) => neighbours >= low && neighbours <= high),
        threshold,
      ),
    ),
  );
}

function nonEmpty(groups: CellGroup[]): CellGroup[] {
  return groups.filter(({ cells }) => cells > 0);
}

function summarize(name: string, records: readonly CellRecord[], threshold: number): CellGroup {
  let right = 0;
  let pairs = 0;
  for (const { locations, scores } of records) {
    if (locations === null || scores === null) continue;
    const called = calledLocations(scores, threshold);
    right += called.filter((classId) => locations.includes(classId)).length;
    pairs += called.length + locations.length;
  }
  return {
    name,
    cells: records.length,
    found: records.filter(({ iou }) => iou >= COUNTED_IOU).length / records.length,
    meanIou: records.reduce((sum, { iou }) => sum + iou, 0) / records.length,
    locationF1: (2 * right) / pairs,
  };
}
