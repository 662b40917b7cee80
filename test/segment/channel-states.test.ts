import { expect, test } from 'vitest';
import type { FieldOfView, Plane } from '../../src/imaging/index.js';
import { channelStates, channelWarnings } from '../../src/segment/index.js';

const SIZE = 60;

/** Bright in a disk, else black. */
function disk(x: number, y: number, radius: number, level: number): Plane {
  const data = Uint8Array.from({ length: SIZE * SIZE }, (_, i) =>
    Math.hypot((i % SIZE) - x, Math.floor(i / SIZE) - y) <= radius ? level : 0,
  );
  return { width: SIZE, height: SIZE, bitDepth: 8, data };
}

function field(channels: Partial<FieldOfView['channels']>): FieldOfView {
  const shown = {
    microtubules: disk(30, 30, 20, 200),
    protein: disk(30, 30, 6, 150),
    nuclei: disk(30, 30, 8, 200),
    er: disk(30, 30, 18, 200),
    ...channels,
  };
  return { id: 'f', width: SIZE, height: SIZE, pixelSizeUm: 0.3, channels: shown };
}

test('all channels shown: nothing to say', () => {
  expect(channelStates(field({}))).toEqual({ microtubules: 'shown', er: 'shown', nuclei: 'shown' });
  expect(channelWarnings(field({}))).toEqual([]);
});

test('a missing ER is named; so are dark microtubules, and both', () => {
  expect(channelWarnings(field({ er: null }))).toEqual([
    {
      code: 'er-not-shown',
      values: { er: 'missing' },
      message: 'ER is missing: cells are outlined by microtubules alone',
    },
  ]);
  const black = disk(0, 0, 0, 0);
  expect(channelWarnings(field({ microtubules: black }))[0]).toMatchObject({
    code: 'microtubules-dark',
    message: 'microtubules are dark: cells are outlined by ER alone',
  });
  const [both] = channelWarnings(field({ microtubules: black, er: black }));
  expect(both).toMatchObject({ code: 'cells-hardly-shown', values: { er: 'dark' } });
  expect(both.message).toMatch(/^microtubules and ER are dark/);
});

test('a dim nuclear channel that repeats another one is dark; one of its own is a weak stain', () => {
  const bleeding = disk(30, 30, 20, 15);
  expect(channelStates(field({ nuclei: bleeding })).nuclei).toBe('dark');
  expect(channelWarnings(field({ nuclei: bleeding }))[0].code).toBe('nuclei-dark');
  const weak = disk(5, 5, 5, 15);
  expect(channelStates(field({ nuclei: weak })).nuclei).toBe('shown');
});

test('white all over is dark: it shows nothing', () => {
  const white = disk(30, 30, 100, 255);
  expect(channelStates(field({ nuclei: white, microtubules: white })).nuclei).toBe('dark');
});
