import { expect, test } from 'vitest';
import { InputError } from '../../src/common/index.js';
import {
  defaultSynthSettings,
  type SynthSettings,
  validateSynthSettings,
} from '../../src/synthetic/index.js';

test('the defaults are valid, and survive a JSON file', () => {
  const copy: SynthSettings = JSON.parse(JSON.stringify(defaultSynthSettings));
  expect(copy).toEqual(defaultSynthSettings);
  expect(() => validateSynthSettings(copy)).not.toThrow();
});

const { optics, labelNoise } = defaultSynthSettings;
const WRONG: [string, Partial<SynthSettings>][] = [
  ['width', { width: 0 }],
  ['height', { height: 10.5 }],
  ['width', { width: 100_000 }],
  ['pixelSizeUm', { pixelSizeUm: 0 }],
  ['pixelSizeUm', { pixelSizeUm: Number.NaN }],
  ['bitDepth', { bitDepth: 12 as 8 }],
  ['seed', { seed: -1 }],
  ['labels', { labels: 'random' as 'natural' }],
  ['locations', { locations: [] }],
  ['locations', { locations: [19] }],
  ['maxLocations', { maxLocations: 0 }],
  ['cells', { cells: -3 }],
  ['style', { style: 'round' as 'spread' }],
  ['coverage', { coverage: [0.9, 0.2] }],
  ['labelNoise', { labelNoise: { ...labelNoise, exact: 0.9 } }],
  ['labelNoise', { labelNoise: { exact: -1, part: 1, none: 1, other: 0 } }],
  ['optics.photonsAtFullScale', { optics: { ...optics, photonsAtFullScale: [0, 10] } }],
  ['optics.psfSigmaUm', { optics: { ...optics, psfSigmaUm: [-1, 0] } }],
];

test.each(WRONG)('%s that cannot be is named in the error: %j', (name, change) => {
  let caught: unknown;
  try {
    validateSynthSettings({ ...defaultSynthSettings, ...change });
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(InputError);
  expect((caught as InputError).code).toBe('bad-synth-settings');
  expect((caught as InputError).message).toContain(`${name} is`);
});
