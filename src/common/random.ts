import { log } from './elementary.js';

/** A seeded source of random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Normal with the given mean and standard deviation. */
  normal(mean?: number, sd?: number): number;
  /** An independent generator for a part of the work, so that parts can be made in any order. */
  fork(key: number): Random;
}

/**
 * Generator sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32: integer arithmetic only, so the
 * sequence does not depend on the platform. `normal` uses the polar method (Marsaglia & Bray 1964) with our own logarithm.
 */
export function createRandom(seed: number): Random {
  const next32 = sfc32(splitmix32(seed));
  const uniform = () => next32() / 4294967296;
  const random: Random = {
    uniform,
    range: (low, high) => low + (high - low) * uniform(),
    integer: (n) => Math.floor(uniform() * n),
    normal(mean = 0, sd = 1) {
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) return mean + sd * u * Math.sqrt((-2 * log(s)) / s);
      }
    },
    fork: (key) => createRandom(mix(seed, key)),
  };
  return random;
}

function mix(seed: number, key: number): number {
  const next = splitmix32((seed ^ Math.imul(key + 1, 0x9e3779b1)) >>> 0);
  next();
  return next();
}

function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}

/** Its state is kept as signed integers: V8 would make an object of each unsigned one above 2^31. */
function sfc32(seeds: () => number): () => number {
  let a = seeds() | 0;
  let b = seeds() | 0;
  let c = seeds() | 0;
  let counter = seeds() | 0;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
