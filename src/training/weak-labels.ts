import { InputError } from '../common/index.js';

/**
 * What a training makes of labels that were given to whole images.
 *
 * - `copy`: every cell is taught its image's locations; the baseline.
 * - `pseudo-labels`: so until the network has an opinion; then a cell is taught a mixture of its image's locations and of
 *   how much it looks like them beside the image's other cells.
 * - `ranking`: as `copy` at first; then, of all cells that bear a location, those that the network finds least like it are
 *   no longer taught it.
 * - `bags`: several cells of an image are asked together: at least one of them must show each location.
 */
export const WEAK_LABEL_METHODS = ['copy', 'pseudo-labels', 'ranking', 'bags'] as const;
export type WeakLabelMethod = (typeof WEAK_LABEL_METHODS)[number];

export const BAG_POOLINGS = ['noisy-or', 'log-sum-exp'] as const;
export type BagPooling = (typeof BAG_POOLINGS)[number];

/** A method and its numbers; those of the other methods have no effect. */
export interface WeakLabels {
  readonly method: WeakLabelMethod;
  /** `pseudo-labels`, `ranking`: parts of equal length that the epochs fall into; labels are drawn up anew between them. */
  readonly rounds: number;
  /** `pseudo-labels`: share of the network's opinion in a label, 0 (copy) to 1. */
  readonly mix: number;
  /** `pseudo-labels`: steps of an opinion, e.g. 3: no, perhaps, yes. */
  readonly levels: number;
  /** `ranking`: share of a location's cells that are no longer taught it, 0 to below 1. */
  readonly drop: number;
  /** `bags`: cells asked together; a divisor of the batch size. */
  readonly bagSize: number;
  readonly pooling: BagPooling;
  /** `bags`: share of the bags in the loss; the rest asks each cell, as `copy`. */
  readonly bagShare: number;
}

/** `copy`, and values for the others: a third of a location's cells do not show it in the atlas (see `LabelNoise`). */
export const DEFAULT_WEAK_LABELS: WeakLabels = {
  method: 'copy',
  rounds: 3,
  mix: 0.8,
  levels: 5,
  drop: 0.3,
  bagSize: 4,
  pooling: 'noisy-or',
  bagShare: 0.5,
};

/** @throws InputError `bad-recipe` */
export function checkWeakLabels(weakLabels: WeakLabels, batchSize: number, epochs: number): void {
  const { method, rounds, mix, levels, drop, bagSize, bagShare } = weakLabels;
  const wrong = (name: string, value: number, expected: string): never => {
    throw new InputError('bad-recipe', `training: ${name} is ${value}, expected ${expected}`);
  };
  if (!(Number.isInteger(rounds) && rounds >= 1)) wrong('rounds', rounds, 'a whole number from 1 on');
  if (usesRounds(weakLabels) && rounds > epochs) {
    wrong(
      'rounds',
      rounds,
      `at most the number of epochs, ${epochs}: labels are drawn up anew between epochs`,
    );
  }
  if (!(mix >= 0 && mix <= 1)) wrong('mix', mix, 'a share from 0 to 1');
  if (!(Number.isInteger(levels) && levels >= 2)) wrong('levels', levels, 'a whole number from 2 on');
  if (!(drop >= 0 && drop < 1)) wrong('drop', drop, 'a share from 0 to below 1');
  if (!(bagShare >= 0 && bagShare <= 1)) wrong('bagShare', bagShare, 'a share from 0 to 1');
  if (!(Number.isInteger(bagSize) && bagSize >= 1)) wrong('bagSize', bagSize, 'a whole number from 1 on');
  if (method === 'bags' && batchSize % bagSize !== 0) {
    wrong('bagSize', bagSize, `a divisor of the batch size, ${batchSize}`);
  }
}

/** Whether labels are drawn up anew while the network learns. */
export function usesRounds({ method }: WeakLabels): boolean {
  return method === 'pseudo-labels' || method === 'ranking';
}

/** The epochs after which a round ends, the last of all included. */
export function roundEnds({ rounds }: Pick<WeakLabels, 'rounds'>, epochs: number): number[] {
  return Array.from({ length: rounds }, (_, i) => Math.round(((i + 1) * epochs) / rounds));
}

/** The method and its own numbers, for a network's metadata. */
export function describeWeakLabels(weakLabels: WeakLabels): Record<string, string | number> {
  const { method, rounds, mix, levels, drop, bagSize, pooling, bagShare } = weakLabels;
  const own: Record<string, string | number> = {
    copy: {},
    'pseudo-labels': { rounds, mix, levels },
    ranking: { rounds, drop },
    bags: { bagSize, pooling, bagShare },
  }[method];
  return { weakLabels: method, ...own };
}
