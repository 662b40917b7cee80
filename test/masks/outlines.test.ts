import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMask, type Outline, type Ring, traceOutlines } from '../../src/masks/index.js';
import { drawn, type Mask, masks } from './naive.js';

const trace = ({ data, width, height }: Mask) => traceOutlines(encodeMask(data, width, height));

/** A ring as `x,y` corners, beginning with the smallest so that the starting point does not matter. */
function corners(ring: Ring): string {
  const points = Array.from({ length: ring.length / 2 }, (_, i) => `${ring[2 * i]},${ring[2 * i + 1]}`);
  const first = points.indexOf([...points].sort()[0]);
  return [...points.slice(first), ...points.slice(0, first)].join(' ');
}

const show = (outlines: Outline[]) =>
  outlines.map(({ outer, holes }) => [corners(outer), ...holes.map(corners)]);

test('a rectangle: its four corners, clockwise', () => {
  expect(show(trace(drawn('.....', '.###.', '.###.')))).toEqual([['1,1 4,1 4,3 1,3']]);
});

test('a mask that fills its image, one pixel, nothing', () => {
  expect(show(trace(drawn('##', '##')))).toEqual([['0,0 2,0 2,2 0,2']]);
  expect(show(trace(drawn('..', '.#')))).toEqual([['1,1 2,1 2,2 1,2']]);
  expect(trace(drawn('..', '..'))).toEqual([]);
});

test('a hole runs the other way', () => {
  expect(show(trace(drawn('###', '#.#', '###')))).toEqual([['0,0 3,0 3,3 0,3', '1,1 1,2 2,2 2,1']]);
});

test('pixels that touch at a corner are two regions', () => {
  expect(show(trace(drawn('#.', '.#')))).toEqual([['0,0 1,0 1,1 0,1'], ['1,1 2,1 2,2 1,2']]);
});

test('an island in a hole is a region of its own, its hole its own', () => {
  const outlines = trace(drawn('#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######'));
  expect(show(outlines)).toEqual([
    ['0,0 7,0 7,7 0,7', '1,1 1,6 6,6 6,1'],
    ['2,2 5,2 5,5 2,5', '3,3 3,4 4,4 4,3'],
  ]);
});

/** Fills rings by the even-odd rule at the pixels' middles. */
function fill(outlines: Outline[], width: number, height: number): Uint8Array {
  const rings = outlines.flatMap(({ outer, holes }) => [outer, ...holes]);
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const x = (at % width) + 0.5;
    const y = Math.floor(at / width) + 0.5;
    let crossings = 0;
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const [x1, y1, x2, y2] = [
          ring[i],
          ring[i + 1],
          ring[(i + 2) % ring.length],
          ring[(i + 3) % ring.length],
        ];
        if (x1 === x2 && x1 < x && Math.min(y1, y2) < y && y < Math.max(y1, y2)) crossings++;
      }
    }
    return crossings % 2;
  });
}

test('outlines enclose exactly the mask, their areas add up, corners turn', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const outlines = trace(mask);
      expect(fill(outlines, mask.width, mask.height)).toEqual(mask.data);
      for (const { outer, holes } of outlines) {
        // Each region filled alone has the area that its rings enclose: holes belong to it and no other.
        const filled = fill([{ outer, holes }], mask.width, mask.height);
        const enclosed = [outer, ...holes].reduce((sum, ring) => sum + shoelace(ring), 0);
        expect(enclosed).toBe(filled.reduce((sum, value) => sum + value, 0));
        expect(shoelace(outer)).toBeGreaterThan(0);
        for (const hole of holes) expect(shoelace(hole)).toBeLessThan(0);
        for (const ring of [outer, ...holes]) expectTurns(ring);
      }
    }),
  );
});

function shoelace(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    sum += ring[i] * ring[(i + 3) % ring.length] - ring[(i + 2) % ring.length] * ring[i + 1];
  }
  return sum / 2;
}

/** Edges are horizontal and vertical in turn: no corner on a straight line. */
function expectTurns(ring: Ring): void {
  for (let i = 0; i < ring.length; i += 2) {
    const vertical = ring[i] === ring[(i + 2) % ring.length];
    const nextVertical = ring[(i + 2) % ring.length] === ring[(i + 4) % ring.length];
    expect(vertical).not.toBe(nextVertical);
  }
}
