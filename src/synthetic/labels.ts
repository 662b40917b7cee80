import { LOCATIONS, NEGATIVE, type Random } from '../common/index.js';
import type { LabelNoise, SynthSettings } from './settings.js';

/**
 * Fields of the 2021 competition's training table (train2021.csv, 21,806 rows, a class that a row repeats counted once): how
 * often each location stands alone, how often with others, and how many locations a field has (1 to 5).
 */
const ALONE = [1551, 221, 515, 549, 788, 636, 476, 719, 529, 300, 404, 1, 561, 880, 1054, 82, 906, 302, 34];
const TOGETHER = [
  7246, 874, 1936, 713, 637, 1156, 299, 1127, 435, 698, 414, 77, 1173, 2231, 959, 170, 4779, 291, 0,
];
const FIELDS_BY_COUNT = [10508, 8873, 2233, 190, 2];

/** Shares of cells with none and with another location where the field has one location only, and over all fields
 * (5,090 cells labelled by hand, PRBioimages/Singlecell-protein-subcellular-location). */
const SINGLE_RELATIVE_NONE = 0.165 / 0.102;
const SINGLE_RELATIVE_OTHER = 0.049 / 0.029;

/** Class id of the mitotic spindle: only mitotic cells can show it, and they show nothing else of the field. */
export const SPINDLE = 11;

/** Locations that a dividing cell can still show: its nucleus, centre of microtubules and Golgi are gone. */
const KEPT_IN_MITOSIS = new Set([6, 13, 14, 16, 17]);

/** A field's weak label: ascending class ids, at least one. */
export function drawFieldLocations(random: Random, settings: SynthSettings): number[] {
  const allowed = [...new Set(settings.locations)].sort((a, b) => a - b);
  const counts = FIELDS_BY_COUNT.slice(0, settings.maxLocations);
  let count = 1 + drawIndex(random, counts);
  count = Math.min(count, allowed.length);
  const natural = settings.labels === 'natural';
  const weights = new Float64Array(LOCATIONS.length);
  for (const id of allowed) weights[id] = natural ? (count === 1 ? ALONE[id] : TOGETHER[id]) : 1;
  if (count > 1) weights[NEGATIVE] = 0;
  // Ids that the table never has in this company: rather than none, take them as equally likely.
  if (weights.every((weight) => weight === 0)) for (const id of allowed) weights[id] = 1;
  const chosen: number[] = [];
  while (chosen.length < count && weights.some((weight) => weight > 0)) {
    const id = drawIndex(random, weights);
    chosen.push(id);
    weights[id] = 0;
  }
  return chosen.sort((a, b) => a - b);
}

/**
 * What each cell of a field shows: ascending class ids, `[18]` where the protein is absent.
 * Every location of the field's label is shown by at least one cell that can show it.
 * @param mitotic one entry a cell
 */
export function drawCellLocations(
  random: Random,
  noise: LabelNoise,
  fieldLocations: readonly number[],
  mitotic: readonly boolean[],
): number[][] {
  const interphase = fieldLocations.filter((id) => id !== SPINDLE);
  const cells = mitotic.map((isMitotic) => {
    if (!isMitotic) return drawInterphase(random, noise, interphase);
    if (fieldLocations.includes(SPINDLE)) return [SPINDLE];
    const kept = fieldLocations.filter((id) => KEPT_IN_MITOSIS.has(id));
    return kept.length > 0 ? kept : [NEGATIVE];
  });
  const candidates = cells.map((_, k) => k).filter((k) => !mitotic[k]);
  if (candidates.length === 0) return cells;
  for (const id of interphase) {
    if (cells.some((cell) => cell.includes(id))) continue;
    const k = candidates[random.integer(candidates.length)];
    cells[k] = [...cells[k].filter((other) => other !== NEGATIVE), id].sort((a, b) => a - b);
  }
  return cells;
}

function drawInterphase(random: Random, noise: LabelNoise, locations: readonly number[]): number[] {
  if (locations.length === 0 || locations.includes(NEGATIVE)) return [NEGATIVE];
  const shares = sharesFor(noise, locations.length);
  const kind = drawIndex(random, [shares.exact, shares.part, shares.none, shares.other]);
  if (kind === 0) return [...locations];
  if (kind === 1) return drawPart(random, locations);
  if (kind === 2) return [NEGATIVE];
  const others = LOCATIONS.map((_, id) => id).filter(
    (id) => id !== NEGATIVE && id !== SPINDLE && !locations.includes(id),
  );
  const other = others[random.integer(others.length)];
  return [...drawPart(random, locations), other].sort((a, b) => a - b);
}

/**
 * Shares for a field of `count` locations, such that fields as frequent as in the training table give `noise` overall.
 * A field of one location has no part of it to show: there, none and other are as much more frequent as in the
 * hand-labelled cells, and the rest is exact; fields of several locations make up for it.
 */
export function sharesFor(noise: LabelNoise, count: number): LabelNoise {
  const none = Math.min(1, noise.none * SINGLE_RELATIVE_NONE);
  const other = Math.min(1 - none, noise.other * SINGLE_RELATIVE_OTHER);
  const single: LabelNoise = { exact: 1 - none - other, part: 0, none, other };
  if (count === 1) return single;
  const total = FIELDS_BY_COUNT.reduce((a, b) => a + b, 0);
  const singleShare = FIELDS_BY_COUNT[0] / total;
  const remaining = (key: keyof LabelNoise) =>
    Math.max(0, (noise[key] - single[key] * singleShare) / (1 - singleShare));
  return {
    exact: remaining('exact'),
    part: remaining('part'),
    none: remaining('none'),
    other: remaining('other'),
  };
}

/** A part of the locations: one of them most often, never all, unless there is only one. */
function drawPart(random: Random, locations: readonly number[]): number[] {
  const keep = locations.length <= 2 ? 1 : 1 + random.integer(locations.length - 1);
  const rest = [...locations];
  while (rest.length > keep) rest.splice(random.integer(rest.length), 1);
  return rest;
}

/** An index, drawn in proportion to the weights, which must not all be 0. */
function drawIndex(random: Random, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  let mark = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] <= 0) continue;
    last = i;
    mark -= weights[i];
    if (mark < 0) return i;
  }
  return last;
}
