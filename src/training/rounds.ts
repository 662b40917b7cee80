import { join } from 'node:path';
import { InputError, LOCATIONS } from '../common/index.js';
import { isFile, readInputFile, writeFileAtomic } from '../io/index.js';
import { withoutDoubtful } from './crop-ranking.js';
import { copiedLabels, type LabelledCell, type Lessons } from './lessons.js';
import { pseudoLabels } from './pseudo-labels.js';
import { usesRounds, type WeakLabels } from './weak-labels.js';

/**
 * The lessons of a round: the images' labels at first, then what the method makes of them with a network's scores.
 * @param scores of the cells, cells x 19; null: there is no network yet
 */
export function drawUpLessons(
  cells: readonly LabelledCell[],
  scores: Float32Array | null,
  weakLabels: WeakLabels,
): Lessons {
  if (scores !== null && weakLabels.method === 'pseudo-labels')
    return pseudoLabels(cells, scores, weakLabels);
  if (scores !== null && weakLabels.method === 'ranking') return withoutDoubtful(cells, scores, weakLabels);
  const { targets } = copiedLabels(cells);
  // All rounds of a training are of one graph, which then has a place for entry weights.
  return { targets, entryWeights: usesRounds(weakLabels) ? new Float32Array(targets.length).fill(1) : null };
}

/** Keeps a round's lessons beside the checkpoint: once it is under way, the network that drew them up is gone. */
export async function keepLessons(
  folder: string,
  round: number,
  { targets, entryWeights }: Lessons,
): Promise<void> {
  const table = new Float32Array(2 * targets.length).fill(1, targets.length);
  table.set(targets);
  if (entryWeights !== null) table.set(entryWeights, targets.length);
  await writeFileAtomic(lessonsPath(folder, round), new Uint8Array(table.buffer));
}

/**
 * The lessons of the last round that a stopped training began; null where it was still in its first one.
 * @throws InputError `resume-damaged` for a file of another length
 */
export async function lastKeptLessons(
  folder: string | null,
  rounds: number,
  cells: number,
): Promise<{ readonly round: number; readonly lessons: Lessons } | null> {
  for (let round = rounds - 1; round > 0 && folder !== null; round--) {
    const path = lessonsPath(folder, round);
    if (await isFile(path)) return { round, lessons: readLessons(path, await readInputFile(path), cells) };
  }
  return null;
}

function readLessons(path: string, bytes: Uint8Array, cells: number): Lessons {
  const count = cells * LOCATIONS.length;
  const expected = 2 * count * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw new InputError(
      'resume-damaged',
      `${path}: holds ${bytes.length} bytes, expected ${expected} for ${cells} cells; remove the folder and train anew`,
    );
  }
  const table = new Float32Array(Uint8Array.from(bytes).buffer);
  return { targets: table.slice(0, count), entryWeights: table.slice(count) };
}

function lessonsPath(folder: string, round: number): string {
  return join(folder, `lessons-${round}.bin`);
}
