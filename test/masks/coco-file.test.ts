import { expect, test } from 'vitest';
import {
  COCO_CATEGORIES,
  type CocoSegmentation,
  cocoLocations,
  decodeMask,
  encodeMask,
  fromCocoSegmentation,
  parseCocoFile,
  parseCocoResults,
  toCocoSegmentation,
} from '../../src/masks/index.js';
import { drawn } from './naive.js';

const annotation = {
  id: 1,
  image_id: 7,
  category_id: 2,
  segmentation: { size: [4, 5], counts: '5220003' },
  area: 6,
  bbox: [1, 1, 3, 2],
};
const file = {
  info: { description: 'left out' },
  images: [{ id: 7, file_name: 'a.png', width: 5, height: 4, license: 1 }],
  annotations: [annotation],
  categories: [{ id: 2, name: 'golgi apparatus' }],
};

test('what we need is read, what is not ours is left out', () => {
  expect(parseCocoFile(file, 'f.json')).toEqual({
    images: [{ id: 7, file_name: 'a.png', width: 5, height: 4 }],
    annotations: [{ ...annotation, iscrowd: 0 }],
    categories: file.categories,
  });
});

test.each([
  ['coco-format', [], /f.json: .*; expected a COCO data set/],
  ['coco-format', { ...file, images: [{ ...file.images[0], width: 0 }] }, /f.json, at images.0.width/],
  [
    'coco-format',
    { ...file, annotations: [{ ...annotation, segmentation: [[1, 2]] }] },
    /annotations.0.segmentation/,
  ],
  [
    'coco-reference',
    { ...file, images: [] },
    /annotation 1 belongs to image 7, which the file does not have/,
  ],
  ['coco-reference', { ...file, categories: [] }, /annotation 1 belongs to category 2/],
  [
    'coco-duplicate',
    { ...file, annotations: [annotation, annotation] },
    /two entries have the annotation id 1/,
  ],
  ['coco-duplicate', { ...file, images: [...file.images, ...file.images] }, /the image id 7/],
])('%s: %#', (code, json, message) => {
  expect(() => parseCocoFile(json, 'f.json')).toThrow(
    expect.objectContaining({ name: 'InputError', code, message: expect.stringMatching(message) }),
  );
});

test('results are a flat list with scores', () => {
  const result = { image_id: 7, category_id: 2, segmentation: annotation.segmentation, score: 0.5 };
  expect(parseCocoResults([{ ...result, extra: 1 }], 'r.json')).toEqual([result]);
  expect(() => parseCocoResults([annotation], 'r.json')).toThrow(
    expect.objectContaining({ code: 'coco-format', message: expect.stringContaining('at 0.score') }),
  );
});

test('categories are told by name, ours are class id + 1', () => {
  expect([...cocoLocations(file.categories, 'f.json')]).toEqual([[2, 7]]);
  expect([...cocoLocations(COCO_CATEGORIES, 'f.json')]).toEqual(
    Array.from({ length: 19 }, (_, classId) => [classId + 1, classId]),
  );
  expect(() => cocoLocations([{ id: 3, name: 'cell' }], 'f.json')).toThrow(
    expect.objectContaining({
      code: 'coco-category',
      message: expect.stringContaining('unknown location "cell"'),
    }),
  );
});

test('a mask in its three forms', () => {
  const { data } = drawn('.....', '.###.', '.#.#.', '.###.');
  const rle = encodeMask(data, 5, 4);
  expect(toCocoSegmentation(rle)).toEqual({ size: [4, 5], counts: '531N00023' });
  expect(toCocoSegmentation(rle, 'counts')).toEqual({ size: [4, 5], counts: [5, 3, 1, 1, 1, 1, 1, 3, 4] });
  expect(toCocoSegmentation(rle, 'polygons')).toEqual([
    [4, 1, 4, 4, 1, 4, 1, 1, 4, 1, 3, 3, 3, 2, 2, 2, 2, 3, 3, 3],
  ]);
  for (const form of ['rle', 'counts', 'polygons'] as const) {
    expect(fromCocoSegmentation(toCocoSegmentation(rle, form), 5, 4)).toEqual(rle);
  }
});

test('several polygons are joined', () => {
  const squares = [
    [0, 0, 2, 0, 2, 2, 0, 2],
    [1, 1, 4, 1, 4, 3, 1, 3],
  ];
  expect(decodeMask(fromCocoSegmentation(squares, 4, 3))).toEqual(drawn('##..', '####', '.###').data);
});

test.each<[string, CocoSegmentation, string]>([
  ['mask-size', { size: [5, 4], counts: '5220003' }, 'a mask is 4x5 but its image is 5x4'],
  [
    'mask-counts',
    { size: [4, 5], counts: [5, 2] },
    "a mask's runs have 7 pixels in all, expected 5 x 4 = 20",
  ],
])('%s', (code, segmentation, message) => {
  expect(() => fromCocoSegmentation(segmentation, 5, 4)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});
