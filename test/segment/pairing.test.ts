import { expect, test } from 'vitest';
import { numberByNuclei, pairNucleiWithCells } from '../../src/segment/pairing.js';
import { labels, picture } from '../imaging/helpers.js';

test('the piece with the nucleus stays, pieces without go, numbers follow the nuclei in raster order', () => {
  const cells = labels(
    '7777.5', //
    '77.555',
    '...555',
    '77..33',
  );
  const nuclei = labels('......', '.7..5.', '....5.', '......');
  const out = pairNucleiWithCells(cells, nuclei, 1);
  expect(picture(out.cells)).toEqual(['1111.2', '11.222', '...222', '......']);
  expect(picture(out.nuclei)).toEqual(['......', '.1..2.', '....2.', '......']);
});

test('a nucleus pixel outside its cell is given to it', () => {
  const out = pairNucleiWithCells(labels('1122'), labels('.112'), 1);
  expect(picture(out.cells)).toEqual(['1112']);
  expect(picture(out.nuclei)).toEqual(['.112']);
});

test('cells below the least area go, with their nuclei', () => {
  const out = pairNucleiWithCells(labels('11.222'), labels('1..2..'), 3);
  expect(picture(out.cells)).toEqual(['...111']);
  expect(picture(out.nuclei)).toEqual(['...1..']);
});

test('numbers without nucleus become background', () => {
  const out = { cells: labels('11.333.9'), nuclei: labels('....3...') };
  numberByNuclei(out);
  expect(picture(out.cells)).toEqual(['...111..']);
});
