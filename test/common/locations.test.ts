import { expect, test } from 'vitest';
import { InputError, LOCATIONS, locationIndex, NEGATIVE } from '../../src/common/index.js';

test('there are 19 locations, Negative last', () => {
  expect(LOCATIONS).toHaveLength(19);
  expect(LOCATIONS[NEGATIVE]).toBe('Negative');
});

test('a location is found by its id and by its name, whatever its case', () => {
  expect(locationIndex('7')).toBe(7);
  expect(locationIndex(' golgi APPARATUS ')).toBe(7);
});

test('an unknown location is refused with the known ones', () => {
  for (const text of ['19', '-1', '1.5', '', 'Golgi']) {
    expect(() => locationIndex(text), text).toThrow(InputError);
  }
  expect(() => locationIndex('Peroxisomes')).toThrow(/unknown location "Peroxisomes".*Nucleoplasm.*Negative/);
});
