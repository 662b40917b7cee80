import { afterEach, expect, test, vi } from 'vitest';
import type { LabelImage } from '../../src/imaging/index.js';
import { outlinePaths } from '../../src/web/page/outlines.js';

/** What the browser's class is told. */
class Path {
  readonly rings: number[][][] = [];
  moveTo(x: number, y: number) {
    this.rings.push([[x, y]]);
  }
  lineTo(x: number, y: number) {
    this.rings.at(-1)?.push([x, y]);
  }
  closePath() {}
}
afterEach(() => vi.unstubAllGlobals());

function rings(labels: LabelImage): Map<number, number[][][]> {
  vi.stubGlobal('Path2D', Path);
  const paths = outlinePaths(labels) as unknown as Map<number, Path>;
  return new Map([...paths].map(([label, path]) => [label, path.rings]));
}

/** A disk, and whether it has a hole. */
function disk(size: number, radius: number, hole: number): LabelImage {
  const data = Int32Array.from({ length: size * size }, (_, i) => {
    const distance = Math.hypot((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2);
    return distance < radius && distance >= hole ? 7 : 0;
  });
  return { width: size, height: size, data };
}

test('each label has its path; an image without labels has none', () => {
  expect([...rings({ width: 3, height: 1, data: Int32Array.from([1, 0, 4]) }).keys()]).toEqual([1, 4]);
  expect(rings({ width: 3, height: 1, data: new Int32Array(3) }).size).toBe(0);
});

test('the long sides of a rectangle stay where they are, its corners are cut by a pixel at most', () => {
  const data = Int32Array.from({ length: 100 }, (_, i) =>
    i % 10 >= 2 && i % 10 < 8 && i >= 30 && i < 70 ? 1 : 0,
  );
  const [ring] = rings({ width: 10, height: 10, data }).get(1) ?? [];
  expect(ring).toHaveLength(8);
  for (const [x, y] of ring) {
    const corner = Math.min(...[2, 8].flatMap((left) => [3, 7].map((top) => Math.hypot(x - left, y - top))));
    expect(corner).toBe(1);
  }
});

test('a hole is a ring of its own, and a circle stays within a pixel of its edge with far fewer points', () => {
  const found = rings(disk(200, 80, 30)).get(7) ?? [];
  expect(found).toHaveLength(2);
  const [outer, hole] = found;
  expect(outer.length).toBeLessThan(4 * 80);
  for (const [ring, radius] of [
    [outer, 80],
    [hole, 30],
  ] as const) {
    for (const [x, y] of ring) expect(Math.abs(Math.hypot(x - 100, y - 100) - radius)).toBeLessThan(1.2);
  }
});
