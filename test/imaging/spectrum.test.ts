import fc from 'fast-check';
import { expect, test } from 'vitest';
import { energyBelow, type Plane } from '../../src/imaging/index.js';

const plane = (width: number, height: number, value: (x: number, y: number) => number): Plane => ({
  width,
  height,
  bitDepth: 32,
  data: Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
const whole = ({ width, height }: Plane) => ({ x: 0, y: 0, width, height });
const wave = (cyclesPerPixel: number) => (x: number) => 5 + Math.sin(2 * Math.PI * cyclesPerPixel * x);

test('a wave’s energy lies at its own frequency, across and down', () => {
  // Bands end at 1/8, 1/4, 3/8 and 1/2 cycle a pixel; the waves lie in the middle of the second and the fourth.
  for (const [frequency, band] of [
    [3 / 16, 1],
    [7 / 16, 3],
  ]) {
    const across = plane(64, 48, (x) => wave(frequency)(x));
    const down = plane(48, 64, (_, y) => wave(frequency)(y));
    for (const image of [across, down]) {
      const below = energyBelow([image], whole(image), 4);
      expect(below[band]).toBeCloseTo(1, 3);
      if (band > 0) expect(below[band - 1]).toBeCloseTo(0, 3);
    }
  }
});

test('planes count alike, however bright; flat ones do not count', () => {
  const slow = plane(64, 64, (x) => 1000 * wave(1 / 16)(x));
  const fast = plane(64, 64, wave(7 / 16));
  const flat = plane(64, 64, () => 0.1);
  const below = energyBelow([slow, flat, fast], whole(slow), 2);
  expect(below[0]).toBeCloseTo(0.5, 3);
  expect([...energyBelow([flat], whole(flat), 3)]).toEqual([1, 1, 1]);
});

test('only the box is looked at', () => {
  const image = plane(128, 32, (x) => wave(x < 64 ? 1 / 16 : 7 / 16)(x));
  expect(energyBelow([image], { x: 0, y: 0, width: 60, height: 32 }, 2)[0]).toBeGreaterThan(0.99);
  expect(energyBelow([image], { x: 68, y: 0, width: 60, height: 32 }, 2)[0]).toBeLessThan(0.01);
});

test('white noise: the share below a limit is the share of the square of frequencies', () => {
  let state = 1;
  const noise = plane(128, 128, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  const below = energyBelow([noise], whole(noise), 2);
  expect(below[0]).toBeGreaterThan(0.23);
  expect(below[0]).toBeLessThan(0.27);
});

test('law: shares rise to 1', () => {
  const images = fc
    .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.integer({ min: 0, max: 255 }), { minLength: width * height, maxLength: width * height })
        .map((data): Plane => ({ width, height, bitDepth: 8, data: Uint8Array.from(data) })),
    );
  fc.assert(
    fc.property(images, (image) => {
      const below = energyBelow([image], whole(image), 8);
      for (let band = 1; band < 8; band++)
        expect(below[band]).toBeGreaterThanOrEqual(below[band - 1] - 1e-12);
      expect(below[7]).toBeCloseTo(1, 9);
    }),
  );
});
