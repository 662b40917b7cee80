import { expect, test } from 'vitest';
import { smoothLabels } from '../../src/imaging/index.js';
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

test('numbers without nucleus become background, or come after the others', () => {
  const both = () => ({ cells: labels('11.333.9'), nuclei: labels('....3...') });
  const dropped = both();
  numberByNuclei(dropped);
  expect(picture(dropped.cells)).toEqual(['...111..']);
  const kept = both();
  numberByNuclei(kept, 'keep');
  expect(picture(kept.cells)).toEqual(['22.111.3']);
  expect(picture(kept.nuclei)).toEqual(['....1...']);
});

test('cells without nucleus: the largest piece stays, if they are kept at all', () => {
  const cells = labels('55.5.7', '55...7');
  const nuclei = labels('......', '.....7');
  expect(picture(pairNucleiWithCells(cells, nuclei, 1).cells)).toEqual(['.....1', '.....1']);
  expect(picture(pairNucleiWithCells(cells, nuclei, 1, 'keep').cells)).toEqual(['22...1', '22...1']);
});

test('more than 65,535 cells keep their numbers', () => {
  const width = 2 * 70_000;
  const data = Int32Array.from({ length: width }, (_, x) => (x % 2 === 0 ? x / 2 + 1 : 0));
  const image = () => ({ width, height: 1, data: data.slice() });
  const out = pairNucleiWithCells(image(), image(), 1);
  expect(out.cells.data[width - 2]).toBe(70_000);
  const large = smoothLabels(out.cells, 3 * width, 3, 0);
  expect(large.data[3 * width - 5]).toBe(70_000);
});
