import { LOCATIONS } from '../common/index.js';
import { copiedLabels, type LabelledCell, type Lessons } from './lessons.js';
import type { WeakLabels } from './weak-labels.js';

const CLASSES = LOCATIONS.length;

/**
 * The images' labels without the doubtful ones: of all cells that bear a location, the share `drop` with the lowest scores
 * for it is not taught it, one way or the other (its entry weighs 0). An image's cell with the highest score for a location
 * always is. Competitors of 2021 dropped 30 to 50 % of their crops so; here a cell that shows one of its image's two
 * locations loses only the other.
 *
 * @param scores cells x 19
 */
export function withoutDoubtful(
  cells: readonly LabelledCell[],
  scores: Float32Array,
  { drop }: Pick<WeakLabels, 'drop'>,
): Lessons {
  const { targets } = copiedLabels(cells);
  const entryWeights = new Float32Array(targets.length).fill(1);
  for (let id = 0; id < CLASSES; id++) {
    const bearers = [...cells.keys()].filter((i) => cells[i].locations.includes(id));
    const best = new Map<string, number>();
    for (const i of bearers) {
      const { image } = cells[i];
      const known = best.get(image);
      if (known === undefined || scores[i * CLASSES + id] > scores[known * CLASSES + id]) best.set(image, i);
    }
    bearers.sort((a, b) => scores[a * CLASSES + id] - scores[b * CLASSES + id]);
    for (const i of bearers.slice(0, Math.floor(bearers.length * drop))) {
      if (best.get(cells[i].image) !== i) entryWeights[i * CLASSES + id] = 0;
    }
  }
  return { targets, entryWeights };
}
