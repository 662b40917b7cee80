import { groupBy, LOCATIONS, NEGATIVE } from '../common/index.js';
import type { LabelledCell, Lessons } from './lessons.js';
import type { WeakLabels } from './weak-labels.js';

const CLASSES = LOCATIONS.length;
/** A location is held to be as strong in an image as in this share of its cells, the strongest: one alone may be an error. */
const STRONGEST = 0.25;

/**
 * Soft labels from the scores of a network that learned from the images' labels: a cell's target for a location of its
 * image is (1 - mix) + mix x level, where the level says how its score compares with those of the image's cells that
 * show the location most, rounded to one of `levels` steps from 0 to 1. So every image keeps cells that show each of its
 * locations, however low a rare location's scores are. Locations that the image lacks stay at 0. Cells that seem to show
 * none of their image's locations may be `Negative`: that this is wrong counts only as much as their highest level.
 *
 * @param scores cells x 19, each in [0, 1]
 */
export function pseudoLabels(
  cells: readonly LabelledCell[],
  scores: Float32Array,
  { mix, levels }: Pick<WeakLabels, 'mix' | 'levels'>,
): Lessons {
  const targets = new Float32Array(cells.length * CLASSES);
  const entryWeights = new Float32Array(cells.length * CLASSES).fill(1);
  const images = groupBy([...cells.keys()], (i) => cells[i].image);
  for (const members of images.values()) {
    const { locations } = cells[members[0]];
    const highest = new Map(members.map((i) => [i, 0]));
    for (const id of locations) {
      const strong = strength(members.map((i) => scores[i * CLASSES + id]));
      for (const i of members) {
        const likeness = strong > 0 ? Math.min(1, scores[i * CLASSES + id] / strong) : 1;
        const level = Math.round(likeness * (levels - 1)) / (levels - 1);
        targets[i * CLASSES + id] = 1 - mix + mix * level;
        highest.set(i, Math.max(highest.get(i)!, level));
      }
    }
    if (locations.includes(NEGATIVE)) continue;
    for (const i of members) entryWeights[i * CLASSES + NEGATIVE] = 1 - mix + mix * highest.get(i)!;
  }
  return { targets, entryWeights };
}

/** Mean of the highest scores. */
function strength(scores: readonly number[]): number {
  const sorted = [...scores].sort((a, b) => b - a);
  const count = Math.ceil(scores.length * STRONGEST);
  return sorted.slice(0, count).reduce((sum, score) => sum + score, 0) / count;
}
