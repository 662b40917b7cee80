import { expect, test } from 'vitest';
import { adviseSize, compareSizes, cropPicture, describeNumbers } from '../../src/crops/index.js';

test('the describe table: as pandas describes 1, 2, 3, 4, 10', () => {
  expect(describeNumbers([10, 1, 4, 2, 3])).toEqual({
    count: 5,
    mean: 4,
    // Deviations -3, -2, -1, 0, 6: 50 / 4.
    std: Math.sqrt(12.5),
    min: 1,
    q25: 2,
    median: 3,
    q75: 4,
    max: 10,
  });
  expect(describeNumbers([1, 2, 3, 4])).toMatchObject({ q25: 1.75, median: 2.5, q75: 3.25 });
  expect(describeNumbers([])).toMatchObject({ count: 0, mean: Number.NaN, max: Number.NaN });
});

test('a size shrinks the larger cells, enlarges the smaller, and loses what lies above its Nyquist limit', () => {
  // Half of the energy in the lower half of the frequencies, the rest evenly above.
  const energyBelow = Float64Array.of(0.5, 1);
  const effects = compareSizes([64, 128, 256, 256], [{ sidePx: 256, energyBelow }], [64, 128, 192, 256]);
  expect(effects).toEqual([
    { sizePx: 64, shrunk: 0.75, enlarged: 0, detailLost: 0.75 },
    { sizePx: 128, shrunk: 0.5, enlarged: 0.25, detailLost: 0.5 },
    { sizePx: 192, shrunk: 0.5, enlarged: 0.5, detailLost: 0.25 },
    { sizePx: 256, shrunk: 0, enlarged: 0.5, detailLost: 0 },
  ]);
  expect(adviseSize(effects, 0.3)).toBe(192);
  expect(adviseSize(effects.slice(0, 2), 0.3)).toBe(128);
});

test('without cells there is nothing to advise', () => {
  expect(adviseSize(compareSizes([], []))).toBeNull();
  expect(adviseSize([])).toBeNull();
});

test('a crop as a picture: channels in their colours, added', () => {
  // Two channels of a 1 x 1 crop.
  const crop = Float32Array.of(1, 0.5);
  expect([...cropPicture(crop, ['microtubules', 'er'], 1).data]).toEqual([255, 45, 0]);
  expect([...cropPicture(crop, ['microtubules', 'er'], 1, ['er']).data]).toEqual([55, 45, 0]);
});
