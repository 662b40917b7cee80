import { expect, test } from 'vitest';
import { labelPieces } from '../../src/imaging/index.js';
import { labels, picture } from './helpers.js';

test('touching labels stay apart, a label in two pieces (corners do not join) gets two numbers', () => {
  const image = labels(
    '2255.', //
    '2.55.',
    '.2..5',
  );
  expect(picture(labelPieces(image))).toEqual(['1122.', '1.22.', '.3..4']);
});

test('a piece that turns back on itself is one', () => {
  expect(picture(labelPieces(labels('333', '1.3', '333')))).toEqual(['111', '2.1', '111']);
});
