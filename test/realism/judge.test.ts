import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import type { Plane } from '../../src/imaging/index.js';
import { loadRuntime } from '../../src/io/index.js';
import { type JudgedPlane, judge } from '../../src/realism/index.js';

/** Planes of white noise, coarser (2 x 2 px) where `coarse` says so. */
function noise(count: number, coarse: (index: number) => boolean): JudgedPlane[] {
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(7).fork(index);
    const size = 96;
    const values = Array.from({ length: size * size }, () => random.integer(200));
    const step = coarse(index) ? 2 : 1;
    const data = Uint8Array.from(values, (_v, i) => {
      const x = i % size;
      const y = Math.floor(i / size);
      return values[(y - (y % step)) * size + x - (x % step)];
    });
    const plane: Plane = { width: size, height: size, bitDepth: 8, data };
    return { field: `f${index}`, channel: 'er' as const, plane, synthetic: index % 2 === 1 };
  });
}

test('the judge learns a difference that is there, and finds none where there is none', async () => {
  const runtime = await loadRuntime();
  const told = await judge(
    runtime,
    noise(20, (index) => index % 2 === 1),
    1,
  );
  expect(told.accuracy).toBeGreaterThan(0.9);
  const same = await judge(
    runtime,
    noise(20, () => false),
    1,
  );
  expect(same.accuracy).toBeGreaterThan(0.25);
  expect(same.accuracy).toBeLessThan(0.75);
  expect(same.byChannel).toEqual([{ channel: 'er', accuracy: same.accuracy, patches: same.patches.length }]);
}, 60_000);

test('too few fields to learn from are refused', async () => {
  await expect(
    judge(
      await loadRuntime(),
      noise(2, () => false),
      1,
    ),
  ).rejects.toMatchObject({
    code: 'judge-too-few',
  });
});
