/** Two small images with true and predicted cells. */
import { LOCATIONS } from '../../src/common/index.js';
import type { Rectangle } from '../scoring/rectangles.js';

export const SIZE = 20;

/** A rectangle with its class ids (truth) or its scores by class id (prediction). */
export type SceneCell<T> = readonly [rectangle: Rectangle, what: T];
export type Scene<T> = Readonly<Record<string, readonly SceneCell<T>[]>>;

/** Three cells in `a`, one in `b`. */
export const TRUTH: Scene<readonly number[]> = {
  a: [
    [
      [0, 0, 8, 8],
      [0, 16],
    ],
    [[0, 10, 8, 18], [0]],
    [[10, 0, 18, 8], [18]],
  ],
  b: [[[2, 2, 12, 12], [16]]],
};

const scores = (values: Readonly<Record<number, number>>) => LOCATIONS.map((_, id) => values[id] ?? 0.01);

/** Finds the first two cells of `a`, cuts the third short (IoU 0.5), invents one; finds `b`'s, with a wrong location. */
export const PREDICTED: Scene<readonly number[]> = {
  a: [
    [[0, 0, 8, 8], scores({ 0: 0.9, 16: 0.8 })],
    [[0, 10, 8, 17], scores({ 0: 0.7, 5: 0.6 })],
    [[10, 0, 18, 4], scores({ 18: 0.9 })],
    [[12, 12, 18, 18], scores({ 0: 0.2 })],
  ],
  b: [[[2, 2, 12, 12], scores({ 0: 0.95, 16: 0.4 })]],
};
