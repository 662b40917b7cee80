import { expect, test } from 'vitest';
import {
  type FieldOfView,
  type FloatPlane,
  type LabelImage,
  measureRegions,
  type Plane,
} from '../../src/imaging/index.js';
import type { MapNetwork, SegmenterMaps } from '../../src/networks/index.js';
import { nucleiFromMaps, PICTURE_NUCLEI, segmentByNetworks } from '../../src/segment/index.js';

/** A picture in which a digit is tenths: '.' 0, '9' 0.9. */
function picture(...rows: string[]): FloatPlane {
  const data = Float32Array.from(rows.join(''), (letter) => (letter === '.' ? 0 : Number(letter) / 10));
  return { width: rows[0].length, height: rows.length, bitDepth: 32, data };
}

function show({ width, height, data }: LabelImage): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (label) => (label === 0 ? '.' : `${label}`)).join(
      '',
    ),
  );
}

const SMALL = { ...PICTURE_NUCLEI, minAreaPx: 3, minCutAreaPx: 3 };

test('two peaks of the distance with a deep saddle are two nuclei, with a shallow one one', () => {
  const inside = picture('99999999', '99999999', '........');
  const deep = picture('58835884', '58935894', '........');
  const shallow = picture('58888884', '58988894', '........');
  const count = (distance: FloatPlane) => show(nucleiFromMaps({ inside, border: null, distance }, SMALL));
  expect(count(deep)[0]).toMatch(/^([12])\1{2,4}(?!\1)[12]+$/);
  expect(new Set(count(shallow)[0])).toEqual(new Set('1'));
});

test('a predicted border parts what the distance alone would not', () => {
  const inside = picture('9999999', '9999999');
  const distance = picture('5899985', '5899985');
  const border = picture('...9...', '...9...');
  expect(measureRegions(nucleiFromMaps({ inside, border, distance }, SMALL))).toHaveLength(2);
  expect(measureRegions(nucleiFromMaps({ inside, border: null, distance }, SMALL))).toHaveLength(1);
});

test('without a distance map the mask is split at its neck', () => {
  const data = new Float32Array(60 * 30);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % 60, Math.floor(i / 60)];
    if (
      Math.hypot(x - 18, y - 15) < 10 ||
      Math.hypot(x - 42, y - 15) < 10 ||
      (y > 12 && y < 18 && x > 18 && x < 42)
    )
      data[i] = 1;
  }
  const inside: FloatPlane = { width: 60, height: 30, bitDepth: 32, data };
  const maps: SegmenterMaps = { inside, border: null, distance: null };
  expect(measureRegions(nucleiFromMaps(maps, { ...SMALL, leastPeak: 3 }))).toHaveLength(2);
});

/** Stands for trained networks: what is bright is inside; the distance is the brightness of the nuclear stain. */
function brightness(target: 'nuclei' | 'cells'): MapNetwork {
  const channels = target === 'nuclei' ? (['nuclei'] as const) : (['microtubules', 'er', 'nuclei'] as const);
  return {
    target,
    channels,
    pixelSizeUm: 0.32,
    async run(planes) {
      const [first] = planes;
      const inside = { ...first, data: first.data.map((value) => (value > 0.1 ? 1 : 0)) };
      return {
        inside,
        border: null,
        distance: target === 'nuclei' ? { ...first, data: first.data.slice() } : null,
      };
    },
    release: async () => {},
  };
}
const NETWORKS = { nuclei: brightness('nuclei'), cells: brightness('cells') };

function field(
  widthPx: number,
  heightPx: number,
  pixelSizeUm: number,
  level: (xUm: number, yUm: number) => { nucleus: number; cell: number },
): FieldOfView {
  const paint = (part: 'nucleus' | 'cell'): Plane => {
    const data = new Uint8Array(widthPx * heightPx);
    for (let i = 0; i < data.length; i++) {
      const x = (i % widthPx) + 0.5;
      const y = Math.floor(i / widthPx) + 0.5;
      data[i] = 255 * level(x * pixelSizeUm, y * pixelSizeUm)[part];
    }
    return { width: widthPx, height: heightPx, bitDepth: 8, data };
  };
  const cells = paint('cell');
  return {
    id: 'f',
    width: widthPx,
    height: heightPx,
    pixelSizeUm,
    channels: { microtubules: cells, protein: cells, nuclei: paint('nucleus'), er: null },
  };
}

const CENTRES = [
  [20, 20],
  [44, 20],
  [30, 55],
];
function threeCells(xUm: number, yUm: number) {
  const distances = CENTRES.map(([x, y]) => Math.hypot(xUm - x, yUm - y));
  const nearest = Math.min(...distances);
  return { nucleus: Math.max(0, 1 - nearest / 7), cell: nearest < 14 ? 0.6 : 0 };
}

test.each([0.08, 0.16, 0.32, 0.6])(
  'the same cells at %s um a pixel, each with its nucleus, numbered alike',
  async (um) => {
    const stages: string[] = [];
    const made = await segmentByNetworks(
      field(Math.round(64 / um), Math.round(75 / um), um, threeCells),
      NETWORKS,
      undefined,
      (stage) => stages.push(stage),
    );
    const cells = measureRegions(made.cells);
    expect(cells.map(({ label }) => label)).toEqual([1, 2, 3]);
    expect(measureRegions(made.nuclei).map(({ label }) => label)).toEqual([1, 2, 3]);
    made.nuclei.data.forEach((label, i) => {
      if (label !== 0) expect(made.cells.data[i]).toBe(label);
    });
    // The third cell touches no other: a disk of 14 um.
    expect(cells[2].areaPx * um ** 2).toBeGreaterThan(0.93 * Math.PI * 14 ** 2);
    expect(cells[2].areaPx * um ** 2).toBeLessThan(1.07 * Math.PI * 14 ** 2);
    expect(stages).toContain('nuclei network');
  },
);

test.each([
  [1, 1],
  [1, 5000],
  [300, 300],
])('a %s x %s image, black or white, gives label images of its size', async (width, height) => {
  for (const level of [0, 1]) {
    const made = await segmentByNetworks(
      field(width, height, 0.08, () => ({ nucleus: level, cell: level })),
      NETWORKS,
    );
    for (const image of [made.cells, made.nuclei])
      expect([image.width, image.height]).toEqual([width, height]);
  }
});
