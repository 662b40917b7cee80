import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { type CropOptions, DEFAULT_CROP } from '../../src/crops/index.js';
import { type ClassifierMetadata, decodeMetadata, encodeMetadata } from '../../src/networks/index.js';

const METADATA: ClassifierMetadata = {
  kind: 'classifier',
  formatVersion: 1,
  network: 'tiny',
  classes: [...LOCATIONS],
  activation: 'sigmoid',
  crop: { ...DEFAULT_CROP, channels: [...DEFAULT_CROP.channels] },
  training: { seed: 1, data: 'synthetic' },
};

test('what is written is read, and its crop options are those of the crops layer', () => {
  const properties = { ...encodeMetadata(METADATA), 'other.tool': 'kept apart' };
  const read = decodeMetadata(properties);
  const crop: CropOptions = read.crop;
  expect(read).toEqual(METADATA);
  expect(crop).toEqual(DEFAULT_CROP);
});

test.each([
  ['model-metadata-missing', { 'cytolocus.kind': undefined }, 'no property cytolocus.kind'],
  ['model-kind', { 'cytolocus.kind': 'segmenter' }, 'the network is a segmenter; expected a classifier'],
  ['model-version', { 'cytolocus.formatVersion': '2' }, 'format version 2; this program reads version 1'],
  ['model-metadata', { 'cytolocus.crop': '{' }, 'cytolocus.crop is not JSON'],
  ['model-metadata', { 'cytolocus.crop': undefined }, 'cytolocus.crop is wrong'],
  ['model-metadata', { 'cytolocus.activation': 'tanh' }, 'cytolocus.activation is wrong'],
  [
    'model-classes',
    { 'cytolocus.classes': '["Nucleoplasm","Golgi"]' },
    'found class 1 "Golgi", expected "Nuclear membrane"',
  ],
  [
    'model-classes',
    { 'cytolocus.classes': JSON.stringify([...LOCATIONS, 'Other']) },
    'found 20 classes, expected the 19',
  ],
])('%s: %j', (code, changed, message) => {
  const properties = Object.fromEntries(
    Object.entries({ ...encodeMetadata(METADATA), ...changed }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );
  expect(() => decodeMetadata(properties)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});
