import { createRandom, InputError, LOCATIONS, type Random, shuffled } from '../common/index.js';

/**
 * How an epoch makes up for rare locations.
 *
 * - `none`: every sample once.
 * - `undersample`: samples are left out until no location has more than the rarest.
 * - `oversample`: samples are repeated until every location has at least as many as the most frequent.
 * - `class-weights`: every sample once; the loss of a location counts by how rare it is.
 * - `sample-weights`: every sample once; a sample counts by its rarest location.
 * - `multi-label`: samples are repeated by their rarest location's repeat factor.
 */
export const BALANCES = [
  'none',
  'undersample',
  'oversample',
  'class-weights',
  'sample-weights',
  'multi-label',
] as const;
export type Balance = (typeof BALANCES)[number];

/** What an epoch is made of. */
export interface BalancePlan {
  /** Indices of the samples, ascending; one that is repeated stands there as often. */
  readonly samples: Uint32Array;
  /** One weight for each entry of `samples`, with mean 1. */
  readonly sampleWeights: Float32Array;
  /** One weight a location for its term of the loss; 1 where locations are not weighted, 0 where one has no sample. */
  readonly classWeights: Float32Array;
}

export interface BalanceOptions {
  readonly method: Balance;
  readonly seed: number;
  /** Samples a location is cut down or filled up to. @default the rarest's or the most frequent's count */
  readonly perLocation?: number;
}

/**
 * Plans an epoch over samples (cells or images) that each have one or several locations. The same seed gives the same
 * plan.
 *
 * @param locations class ids of each sample, none twice
 * @throws InputError `balance-count`
 */
export function planBalance(locations: readonly (readonly number[])[], options: BalanceOptions): BalancePlan {
  const { method, seed, perLocation } = options;
  if (perLocation !== undefined && !(Number.isInteger(perLocation) && perLocation >= 1)) {
    throw new InputError(
      'balance-count',
      `balance: ${perLocation} samples a location, expected a whole number from 1 on`,
    );
  }
  const random = createRandom(seed);
  const counts = countLocations(locations);
  switch (method) {
    case 'undersample':
      return evenPlan(undersample(locations, perLocation ?? least(counts), random));
    case 'oversample':
      return evenPlan(oversample(locations, perLocation ?? Math.max(...counts), random));
    case 'multi-label':
      return evenPlan(repeatByFactor(locations, counts, random));
    case 'class-weights':
      return { ...evenPlan(everyone(locations)), classWeights: inverseFrequencies(counts) };
    case 'sample-weights':
      return { ...evenPlan(everyone(locations)), sampleWeights: sampleWeights(locations) };
    case 'none':
      return evenPlan(everyone(locations));
  }
}

/** How many samples have each of the 19 locations. */
export function countLocations(locations: Iterable<readonly number[]>): Uint32Array {
  const counts = new Uint32Array(LOCATIONS.length);
  for (const ids of locations) for (const id of ids) counts[id]++;
  return counts;
}

/** How much each location weighs in an epoch: its samples, times their weights, times its own. */
export function balancedCounts(locations: readonly (readonly number[])[], plan: BalancePlan): Float64Array {
  const counts = new Float64Array(LOCATIONS.length);
  plan.samples.forEach((sample, at) => {
    for (const id of locations[sample]) counts[id] += plan.sampleWeights[at] * plan.classWeights[id];
  });
  return counts;
}

/** No sample weighs more than so many times the mean before weights are scaled: a rare label is often a wrong one. */
const MOST = 4;

/**
 * One weight a sample, with mean 1: the square root of how much rarer than the mean location its rarest location is. The
 * root halves the imbalance on a logarithmic scale; full balance would give the few samples of a rare location the say
 * over all its examples' noise.
 */
export function sampleWeights(locations: readonly (readonly number[])[]): Float32Array {
  const counts = countLocations(locations);
  const present = counts.filter((count) => count > 0);
  const mean = present.reduce((sum, count) => sum + count, 0) / Math.max(1, present.length);
  const weights = Float32Array.from(locations, (ids) =>
    ids.length === 0 ? 1 : Math.min(MOST, Math.sqrt(mean / Math.min(...ids.map((id) => counts[id])))),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight * weights.length) / total);
}

function everyone(locations: readonly unknown[]): Uint32Array {
  return Uint32Array.from(locations, (_, sample) => sample);
}

function evenPlan(samples: Uint32Array): BalancePlan {
  return {
    samples,
    sampleWeights: new Float32Array(samples.length).fill(1),
    classWeights: new Float32Array(LOCATIONS.length).fill(1),
  };
}

function least(counts: Uint32Array): number {
  return Math.min(...counts.filter((count) => count > 0));
}

/** Weights that give every location the same sum over the samples and leave the sum over all as it was. */
function inverseFrequencies(counts: Uint32Array): Float32Array {
  const present = counts.filter((count) => count > 0);
  const mean = present.reduce((sum, count) => sum + count, 0) / Math.max(1, present.length);
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : mean / count));
}

/**
 * Draws samples in random order, those of the rarest location first, and keeps one if none of its locations is full yet:
 * no location gets more than `most`, and where every sample has one location each gets exactly that.
 */
function undersample(locations: readonly (readonly number[])[], most: number, random: Random): Uint32Array {
  const counts = countLocations(locations);
  const rarity = locations.map((ids) => Math.min(...ids.map((id) => counts[id])));
  const order = shuffled([...everyone(locations)], random).sort((a, b) => rarity[a] - rarity[b]);
  const kept = new Uint32Array(LOCATIONS.length);
  const chosen = order.filter((sample) => {
    const ids = locations[sample];
    if (ids.length === 0 || ids.some((id) => kept[id] >= most)) return false;
    for (const id of ids) kept[id]++;
    return true;
  });
  return Uint32Array.from(chosen).sort();
}

/** Repeats samples of each location, rarest first, every one before any a second time, until it has `fewest`. */
function oversample(locations: readonly (readonly number[])[], fewest: number, random: Random): Uint32Array {
  const counts = countLocations(locations);
  const classes = [...counts.keys()].filter((id) => counts[id] > 0).sort((a, b) => counts[a] - counts[b]);
  const samples = [...everyone(locations)];
  const reached = Uint32Array.from(counts);
  for (const id of classes) {
    const own = [...locations.keys()].filter((sample) => locations[sample].includes(id));
    let order = own;
    for (let at = 0; reached[id] < fewest; at++) {
      if (at % own.length === 0) order = shuffled(own, random);
      const sample = order[at % own.length];
      samples.push(sample);
      for (const other of locations[sample]) reached[other]++;
    }
  }
  return Uint32Array.from(samples).sort();
}

/**
 * Repeat factor sampling (Gupta, Dollar, Girshick, "LVIS", 2019, section 5): a location of frequency f below t has the
 * factor sqrt(t / f), a sample the largest factor of its locations, rounded up or down at random in proportion. t is the
 * mean frequency of the locations present; repeating by the rarest of several locations spares the frequent ones.
 */
function repeatByFactor(
  locations: readonly (readonly number[])[],
  counts: Uint32Array,
  random: Random,
): Uint32Array {
  const present = counts.filter((count) => count > 0);
  const mean = present.reduce((sum, count) => sum + count, 0) / Math.max(1, present.length);
  const samples: number[] = [];
  locations.forEach((ids, sample) => {
    const factor = Math.max(1, ...ids.map((id) => Math.sqrt(mean / counts[id])));
    const times = Math.floor(factor) + (random.uniform() < factor % 1 ? 1 : 0);
    for (let i = 0; i < times; i++) samples.push(sample);
  });
  return Uint32Array.from(samples);
}
