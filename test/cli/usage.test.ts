import { expect, test } from 'vitest';
import { cytolocus } from './harness.js';

const COMMANDS = ['predict', 'segment', 'synth', 'train classifier', 'evaluate', 'coco', 'explore', 'demo'];

test.each(COMMANDS)('%s --help says what it does, exit code 0', async (command) => {
  const { code, printed } = await cytolocus(...command.split(' '), '--help');
  expect(code).toBe(0);
  expect(printed).toContain(`Usage: cytolocus ${command}`);
});

test.each([
  [['frobnicate'], /unknown command/],
  [['predict', 'somewhere'], /required option '--out/],
  [['predict', 'somewhere', '--out', 'x', '--edge', 'trim'], /keep, weight, drop/],
  [
    ['predict', 'somewhere', '--out', 'x', '--threshold', '3'],
    /--threshold is "3", expected a number from 0 to 1/,
  ],
  [['segment', 'somewhere', '--out', 'x', '--pixel-size', '-1'], /pixel size -1/],
  [['synth', '--out', 'x', '--images', 'many'], /--images is "many", expected a whole number from 1 on/],
  [['synth', '--out', 'x', '--size', 'large'], /--size is "large"/],
  [['explore', 'a.csv', 'b', '--out', 'x'], /a label table is explored alone, found a.csv, b/],
  [['explore', 'a.csv', '--out', 'x', '--language', 'de'], /en, fr/],
  [['coco', 'somewhere', '--out', 'x'], /expected --labels train.csv, or --masks DIR/],
  [['coco', 'somewhere', '--out', 'x', '--encoding', 'png'], /rle, counts, polygons/],
  [['evaluate', '--truth', 'x'], /expected --truth and --predictions, or --check/],
  [
    ['evaluate', '--truth', 'x', '--predictions', 'y', '--images', 'z'],
    /--images is only of use with --report/,
  ],
  [['evaluate', '--check', 'x', '--mode', 'lax'], /strict, oid/],
  [['train', 'classifier', '--out', 'x'], /required option '--data/],
  [['train', 'classifier', '--data', 'd', '--out', 'x', '--network', 'huge'], /compact_residual/],
  [['train', 'classifier', '--data', 'd', '--out', 'x', '--weak-labels', 'guess'], /pseudo-labels/],
  [['train', 'classifier', '--data', 'd', '--out', 'x', '--fold', '6/5'], /expected a fold such as 1\/5/],
])('bad usage %j ends with 2 and says what was expected', async (args, message) => {
  const { code, noted, printed } = await cytolocus(...args);
  expect(code).toBe(2);
  expect(noted).toMatch(message);
  expect(printed).toBe('');
});

test('--version prints the version', async () => {
  expect(await cytolocus('--version')).toMatchObject({ code: 0, printed: '0.1.0' });
});
