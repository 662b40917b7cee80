import { expect, test } from 'vitest';
import { type FloatPlane, measureRegions } from '../../src/imaging/index.js';
import { findNuclei } from '../../src/segment/nuclei.js';

const PIXEL_UM = 0.32;
const SIZE = 160;

interface Disk {
  x: number;
  y: number;
  radius: number;
  level: number;
}

/** Disks in pixels on a background, the brightest where they overlap. */
function signal(disks: Disk[], background = 0): FloatPlane {
  const data = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const x = i % SIZE;
    const y = Math.floor(i / SIZE);
    return Math.max(
      background,
      ...disks.map((d) => (Math.hypot(x - d.x, y - d.y) <= d.radius ? d.level : 0)),
    );
  });
  return { width: SIZE, height: SIZE, bitDepth: 32, data };
}

function areas(plane: FloatPlane, cytoplasm: FloatPlane | null): number[] {
  return measureRegions(findNuclei(plane, cytoplasm, PIXEL_UM)).map(({ areaPx }) => areaPx);
}

/** Two nuclei of 20 pixels' radius; at a distance of 30 their neck is 0.66 of their width, at 36 it is 0.44. */
const pair = (distance: number) =>
  signal([
    { x: 60, y: 80, radius: 20, level: 1 },
    { x: 60 + distance, y: 80, radius: 20, level: 1 },
  ]);
/** Bright everywhere but inside the nuclei. */
const between = (distance: number): FloatPlane => {
  const inside = signal([
    { x: 60, y: 80, radius: 12, level: 1 },
    { x: 60 + distance, y: 80, radius: 12, level: 1 },
  ]);
  return { ...inside, data: inside.data.map((v) => (v > 0 ? 0.5 : 1)) };
};
const even = signal([], 0.7);

test('a wide neck: two nuclei where cytoplasm lies between them, else lobes of one', () => {
  expect(areas(pair(30), between(30)).length).toBe(2);
  expect(areas(pair(30), even).length).toBe(1);
  expect(areas(pair(30), null).length).toBe(1);
});

test('a narrow neck: two nuclei, whatever lies between', () => {
  expect(areas(pair(36), even).length).toBe(2);
  expect(areas(pair(36), null).length).toBe(2);
});

test('hardly a neck: one nucleus', () => {
  expect(areas(pair(14), between(14)).length).toBe(1);
});

test('a nucleus that mostly stays below the threshold of the bright ones is found whole', () => {
  const bright = { x: 40, y: 40, radius: 20, level: 1 };
  const dim = { x: 110, y: 110, radius: 20, level: 0.4 };
  const speck = { x: 110, y: 115, radius: 7, level: 0.6 };
  const found = areas(signal([bright, dim, speck]), null);
  expect(found.length).toBe(2);
  expect(found[1] / found[0]).toBeGreaterThan(0.9);
});

test('haze around a nucleus is not nucleus', () => {
  const haze = { x: 80, y: 80, radius: 60, level: 0.45 };
  const nucleus = { x: 80, y: 80, radius: 22, level: 1 };
  const [area, ...others] = areas(signal([haze, nucleus]), null);
  expect(others).toEqual([]);
  expect(area / (Math.PI * 22 ** 2)).toBeCloseTo(1, 1);
});

test('an unstained nucleolus is filled, the inside of a ring of 30 um is not', () => {
  const hole = signal([{ x: 80, y: 80, radius: 25, level: 1 }]);
  hole.data[80 * SIZE + 80] = 0;
  hole.data[80 * SIZE + 81] = 0;
  const filled = findNuclei(hole, null, PIXEL_UM);
  expect(filled.data[80 * SIZE + 80]).toBe(1);

  const ring = signal([{ x: 80, y: 80, radius: 60, level: 1 }]);
  const inner = signal([{ x: 80, y: 80, radius: 45, level: 1 }]);
  const open = { ...ring, data: ring.data.map((v, i) => v - inner.data[i]) };
  expect(findNuclei(open, null, PIXEL_UM).data[80 * SIZE + 80]).toBe(0);
});

test('specks below 40 um2 are dropped, from 16 um2 up kept where the border cuts them', () => {
  const radius = 8; // 20 um2
  const big = { x: 110, y: 110, radius: 25, level: 1 };
  expect(areas(signal([big, { x: 40, y: 40, radius, level: 1 }]), null).length).toBe(1);
  expect(areas(signal([big, { x: 7, y: 40, radius, level: 1 }]), null).length).toBe(2);
});

test('the least area of a nucleus is a policy', () => {
  const big = { x: 110, y: 110, radius: 25, level: 1 };
  const specks = [9, 12].map((radius, i) => ({ x: 30 + 40 * i, y: 40, radius, level: 1 })); // 26 and 46 um2
  const count = (minNucleusUm2: number) =>
    measureRegions(
      findNuclei(signal([big, ...specks]), null, PIXEL_UM, { touchingNuclei: 'join', minNucleusUm2 }),
    ).length;
  expect([10, 40, 60].map(count)).toEqual([3, 2, 1]);
});

test('touching nuclei without cytoplasm between them are split on request', () => {
  const split = findNuclei(pair(30), even, PIXEL_UM, { touchingNuclei: 'split', minNucleusUm2: 40 });
  expect(measureRegions(split).length).toBe(2);
});

test('nothing but background: none', () => {
  expect(areas(even, even)).toEqual([]);
});
