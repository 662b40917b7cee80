import { expect, test } from 'vitest';
import { type FloatPlane, type LabelImage, measureRegions } from '../../src/imaging/index.js';
import { growCells } from '../../src/segment/cells.js';

const SIZE = 200;
const PIXEL_UM = 0.32;
const NUCLEUS_PX = 16;
const CENTRES = [
  { x: 60, y: 60 },
  { x: 140, y: 140 },
];

const near = (i: number, { x, y }: { x: number; y: number }, radius: number) =>
  Math.hypot((i % SIZE) - x, Math.floor(i / SIZE) - y) <= radius;

function plane(value: (i: number) => number): FloatPlane {
  return {
    width: SIZE,
    height: SIZE,
    bitDepth: 32,
    data: Float32Array.from({ length: SIZE * SIZE }, (_, i) => value(i)),
  };
}

const nuclei: LabelImage = {
  width: SIZE,
  height: SIZE,
  data: Int32Array.from(
    { length: SIZE * SIZE },
    (_, i) => CENTRES.findIndex((centre) => near(i, centre, NUCLEUS_PX)) + 1,
  ),
};
const nuclear = plane((i) => Math.min(1, nuclei.data[i]));

test('a cell whose cytoplasm is too dark to be seen reaches 5 um beyond its nucleus', () => {
  const cytoplasm = plane((i) => (near(i, CENTRES[0], 40) ? 1 : 0));
  const [seen, unseen] = measureRegions(growCells(cytoplasm, nuclear, nuclei, PIXEL_UM));
  expect(seen.areaPx / (Math.PI * 40 ** 2)).toBeCloseTo(1, 1);
  expect(unseen.areaPx / (Math.PI * (NUCLEUS_PX + 5 / PIXEL_UM) ** 2)).toBeCloseTo(1, 1);
});

test('stained regions of 100 um2 without nucleus are cells where these are kept', () => {
  const lone = [
    { x: 140, y: 50, radius: 20 },
    { x: 40, y: 150, radius: 14 }, // 63 um2
  ];
  const cytoplasm = plane((i) =>
    [...CENTRES.map((centre) => ({ ...centre, radius: 30 })), ...lone].some((disk) =>
      near(i, disk, disk.radius),
    )
      ? 1
      : 0,
  );
  const count = (policy: 'drop' | 'keep') =>
    measureRegions(growCells(cytoplasm, nuclear, nuclei, PIXEL_UM, policy)).map(({ label }) => label);
  expect(count('drop')).toEqual([1, 2]);
  expect(count('keep')).toEqual([1, 2, 3]);
});
