import { expect, test } from 'vitest';
import { type FloatPlane, measureRegions } from '../../src/imaging/index.js';
import type { MapNetwork } from '../../src/networks/index.js';
import { nucleiOfPicture } from '../../src/segment/index.js';

/** Calls inside what is bright, and keeps the widths of what it was shown. */
function lookingNetwork(): { network: MapNetwork; widths: number[] } {
  const widths: number[] = [];
  const network: MapNetwork = {
    target: 'nuclei',
    channels: ['nuclei'],
    pixelSizeUm: 0.32,
    async run([plane]) {
      widths.push(plane.width);
      const inside = { ...plane, data: plane.data.map((value) => (value > 0.5 ? 1 : 0)) };
      return { inside, border: null, distance: { ...plane, data: plane.data.slice() } };
    },
    release: async () => {},
  };
  return { network, widths };
}

/** Two disks of a diameter, side by side in a picture of 120 x 60. */
function disks(diameterPx: number): FloatPlane {
  const data = new Float32Array(120 * 60);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % 120, Math.floor(i / 120)];
    if (Math.min(Math.hypot(x - 30, y - 30), Math.hypot(x - 90, y - 30)) <= diameterPx / 2) data[i] = 1;
  }
  return { width: 120, height: 60, bitDepth: 32, data };
}

test('a picture is looked at as it is, half as large again, and so that its nuclei have two sizes; all is told in its own pixels', async () => {
  for (const [diameterPx, ...scales] of [
    [20, 1.5, 1, 1.4],
    // Shrunk to a half at most, enlarged by 2.5 at most.
    [50, 1.5, 0.5, 0.56],
    [8, 1.5, 2.5, 2.5],
  ]) {
    const { network, widths } = lookingNetwork();
    const nuclei = await nucleiOfPicture(network, disks(diameterPx));
    expect([nuclei.width, nuclei.height]).toEqual([120, 60]);
    const regions = measureRegions(nuclei);
    expect(regions).toHaveLength(2);
    for (const { areaPx } of regions)
      expect(Math.abs(2 * Math.sqrt(areaPx / Math.PI) - diameterPx)).toBeLessThan(1.5);
    expect(widths).toHaveLength(4);
    [1, ...scales].forEach((scale, look) => {
      expect(Math.abs(widths[look] / 120 / scale - 1)).toBeLessThan(0.08);
    });
  }
});

test('looks that disagree are averaged, maps that the network does not give stay away', async () => {
  let looks = 0;
  const network: MapNetwork = {
    ...lookingNetwork().network,
    // Sure at first and once more, then in doubt.
    async run([plane]) {
      const sure = looks++ < 2 ? 1 : 0.2;
      const data = plane.data.map((value) => (value > 0.5 ? sure : 0));
      return { inside: { ...plane, data }, border: null, distance: null };
    },
  };
  expect(measureRegions(await nucleiOfPicture(network, disks(20)))).toHaveLength(2);
  looks = 1;
  expect(measureRegions(await nucleiOfPicture(network, disks(20)))).toHaveLength(0);
});

test('a picture without nuclei is looked at once; one pixel is a picture too', async () => {
  const { network, widths } = lookingNetwork();
  expect(measureRegions(await nucleiOfPicture(network, disks(-1)))).toEqual([]);
  expect(widths).toEqual([120]);
  const pixel = { width: 1, height: 1, bitDepth: 32 as const, data: Float32Array.of(1) };
  expect(measureRegions(await nucleiOfPicture(network, pixel))).toEqual([]);
});
