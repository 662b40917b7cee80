import { expect, test } from 'vitest';
import { type FieldOfView, type LabelImage, type Plane, renderPanels } from '../../src/imaging/index.js';

/** A field of `size` pixels: left half cell 1 with its nucleus in the upper left quarter, right half empty. */
function example(size: number): { field: FieldOfView; cells: LabelImage; nuclei: LabelImage } {
  const left = (i: number) => i % size < size / 2;
  const upper = (i: number) => i < (size * size) / 2;
  const plane = (set: (i: number) => boolean): Plane => ({
    width: size,
    height: size,
    bitDepth: 8,
    data: Uint8Array.from({ length: size * size }, (_, i) => (set(i) ? 200 : 0)),
  });
  const image = (set: (i: number) => boolean): LabelImage => ({
    width: size,
    height: size,
    data: Int32Array.from({ length: size * size }, (_, i) => (set(i) ? 1 : 0)),
  });
  const nucleus = (i: number) => left(i) && upper(i);
  const none = plane(() => false);
  const channels = { microtubules: plane(left), protein: none, nuclei: plane(nucleus), er: null };
  return {
    field: { id: 'f', width: size, height: size, pixelSizeUm: 1, channels },
    cells: image(left),
    nuclei: image(nucleus),
  };
}

test('five panels side by side: image, classes, cells, nuclei, merged mask', () => {
  const size = 16;
  const { field, ...segmentation } = example(size);
  const { width, height, data } = renderPanels(field, segmentation);
  expect([width, height]).toEqual([5 * size + 4 * 8, size]);
  const colour = (panel: number, x: number, y: number) => {
    const i = 3 * (y * width + panel * (size + 8) + x);
    return [...data.subarray(i, i + 3)];
  };
  const nucleus = [2, 2] as const;
  const cytoplasm = [2, 12] as const;
  const background = [13, 2] as const;
  expect(colour(0, ...nucleus)).toEqual([255, 0, 255]);
  expect(colour(0, ...cytoplasm)).toEqual([255, 0, 0]);
  expect(colour(1, ...nucleus)).toEqual([0, 0, 255]);
  expect(colour(1, ...cytoplasm)).toEqual([0, 255, 0]);
  expect(colour(1, 7, 12)).toEqual([255, 0, 0]);
  expect(colour(2, ...cytoplasm)).toEqual(colour(3, ...nucleus));
  expect(colour(3, ...cytoplasm)).toEqual([0, 0, 0]);
  expect(colour(4, ...nucleus)).toEqual([255, 255, 255]);
  expect(colour(4, ...cytoplasm)).toEqual([127, 127, 127]);
  for (const panel of [1, 2, 3, 4]) expect(colour(panel, ...background)).toEqual([0, 0, 0]);
});

test('large fields are shown smaller', () => {
  const { field, ...segmentation } = example(1000);
  expect(renderPanels(field, segmentation).height).toBe(768);
});
