import { expect, test } from 'vitest';
import { type FloatPlane, type LabelImage, measureRegions } from '../../src/imaging/index.js';
import { dropDebris } from '../../src/segment/debris.js';

const WIDTH = 120;
const HEIGHT = 60;
/** A nucleus has 200 pixels, of which 50 are enough at the border; so a plate has 100. */
const SIZES = { minAreaPx: 200, minCutAreaPx: 50 };

interface Thing {
  readonly x: number;
  readonly y: number;
  /** Half axes. */
  readonly a: number;
  readonly b: number;
  readonly stain: number;
}
const NUCLEUS = { x: 20, y: 30, a: 12, b: 12, stain: 0.5 };
const PLATE = { x: 60, y: 30, a: 12, b: 4, stain: 0.6 };

/** Ellipses, the first labelled 1. */
function draw(...things: Thing[]): { labels: LabelImage; stain: FloatPlane } {
  const labels = { width: WIDTH, height: HEIGHT, data: new Int32Array(WIDTH * HEIGHT) };
  const stain = {
    width: WIDTH,
    height: HEIGHT,
    bitDepth: 32 as const,
    data: new Float32Array(WIDTH * HEIGHT),
  };
  things.forEach((thing, k) => {
    for (let i = 0; i < labels.data.length; i++) {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      if (((x - thing.x) / thing.a) ** 2 + ((y - thing.y) / thing.b) ** 2 > 1) continue;
      labels.data[i] = k + 1;
      stain.data[i] = thing.stain;
    }
  });
  return { labels, stain };
}

function kept(things: Thing[], judged = true): number[] {
  const { labels, stain } = draw(...things);
  dropDebris(labels, SIZES, judged ? stain : null);
  return measureRegions(labels).map(({ label }) => label);
}

test('what is too small goes, unless the border cuts it off', () => {
  const round = { ...PLATE, a: 7, b: 7 };
  expect(kept([NUCLEUS, round])).toEqual([1]);
  expect(kept([NUCLEUS, { ...round, y: 0 }])).toEqual([1, 2]);
});

test('a small rod as bright as the nuclei is a dividing cell; a dim one, or one much smaller, is debris', () => {
  expect(kept([NUCLEUS, PLATE])).toEqual([1, 2]);
  expect(kept([NUCLEUS, { ...PLATE, stain: 0.3 }])).toEqual([1]);
  expect(kept([NUCLEUS, { ...PLATE, a: 9, b: 3 }])).toEqual([1]);
});

test('no plate is kept where no stain, or no nucleus of usual size, is there to compare with', () => {
  expect(kept([NUCLEUS, PLATE], false)).toEqual([1]);
  expect(kept([PLATE])).toEqual([]);
});

test('two plates that face each other are one nucleus; end to end, at an angle or far apart they are two', () => {
  expect(kept([NUCLEUS, PLATE, { ...PLATE, y: 46 }])).toEqual([1, 2]);
  expect(kept([NUCLEUS, PLATE, { ...PLATE, x: 86 }])).toEqual([1, 2, 3]);
  expect(kept([NUCLEUS, PLATE, { ...PLATE, x: 80, a: 4, b: 12 }])).toEqual([1, 2, 3]);
  expect(kept([NUCLEUS, { ...PLATE, y: 8 }, { ...PLATE, y: 52 }])).toEqual([1, 2, 3]);
});
