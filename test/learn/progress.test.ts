import { expect, test } from 'vitest';
import { type Progress, renderProgress } from '../../src/learn/index.js';

const PROGRESS: Progress = {
  epoch: 3,
  epochs: 20,
  step: 412,
  steps: 1885,
  seconds: 42.3,
  figures: { loss: 0.12345, acc: 0.5 },
  done: false,
};

test('the line counts epochs and steps and says how long the rest will take', () => {
  expect(renderProgress(PROGRESS, 10)).toBe(
    'Epoch 3/20   412/1885 [==>.......] ETA 02:31  loss 0.1235  acc 0.5000',
  );
});

test('once the epoch is done it says how long it took', () => {
  const done = { ...PROGRESS, step: 1885, seconds: 3725, done: true, figures: { lr: 0.0001 } };
  expect(renderProgress(done, 10)).toBe('Epoch 3/20  1885/1885 [==========] 1:02:05  lr 1.0e-4');
});

test('before the first step the time left is unknown', () => {
  expect(renderProgress({ ...PROGRESS, step: 0, figures: {} }, 4)).toBe(
    'Epoch 3/20     0/1885 [>...] ETA --:--',
  );
});
