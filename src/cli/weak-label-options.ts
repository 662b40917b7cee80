import { type Command, Option } from 'commander';
import {
  BAG_POOLINGS,
  type BagPooling,
  DEFAULT_WEAK_LABELS,
  WEAK_LABEL_METHODS,
  type WeakLabelMethod,
  type WeakLabels,
} from '../training/index.js';
import { share, wholeNumber } from './options.js';

/** The values of `addWeakLabelOptions`. */
export interface WeakLabelOptions {
  weakLabels: WeakLabelMethod;
  rounds: number;
  mix: number;
  levels: number;
  drop: number;
  bag: number;
  pooling: BagPooling;
  bagShare: number;
}

/** Options of what a training makes of labels that belong to whole images. */
export function addWeakLabelOptions(command: Command): Command {
  const { method, rounds, mix, levels, drop, bagSize, pooling, bagShare } = DEFAULT_WEAK_LABELS;
  return command
    .addOption(
      new Option(
        '--weak-labels <method>',
        "what is made of an image's label: every cell is taught it (copy); a mixture of it and of how much the cell looks like it " +
          '(pseudo-labels); it, but for the cells that look least like it (ranking); several cells of the image are asked together (bags)',
      )
        .choices([...WEAK_LABEL_METHODS])
        .default(method),
    )
    .option(
      '--rounds <n>',
      'pseudo-labels, ranking: parts of the training between which labels are drawn up anew',
      wholeNumber('--rounds', 1),
      rounds,
    )
    .option('--mix <share>', "pseudo-labels: share of the network's opinion in a label", share('--mix'), mix)
    .option('--levels <n>', 'pseudo-labels: steps of an opinion', wholeNumber('--levels', 2), levels)
    .option(
      '--drop <share>',
      "ranking: share of a location's cells that is not taught it",
      share('--drop'),
      drop,
    )
    .option('--bag <n>', 'bags: cells asked together; a divisor of --batch', wholeNumber('--bag', 1), bagSize)
    .addOption(
      new Option('--pooling <name>', 'bags: what joins the answers')
        .choices([...BAG_POOLINGS])
        .default(pooling),
    )
    .option('--bag-share <share>', 'bags: their share in the loss', share('--bag-share'), bagShare);
}

export function weakLabelsOf(options: WeakLabelOptions): WeakLabels {
  const { weakLabels: method, rounds, mix, levels, drop, bag: bagSize, pooling, bagShare } = options;
  return { method, rounds, mix, levels, drop, bagSize, pooling, bagShare };
}
