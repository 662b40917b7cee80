import { InputError, LOCATIONS } from '../common/index.js';
import { foldClasses, type LabelSets, readLabelSets } from '../dataset/index.js';
import { type MultilabelScores, multilabelScores } from '../scoring/index.js';
import { formatOf } from './format.js';
import { readCellScores } from './predictions-folder.js';
import { fieldFolders } from './truth-folder.js';

/** How labels of whole images stand against true ones. */
export interface LabelEvaluation {
  /** Names of the classes, by class id. */
  readonly classes: readonly string[];
  /** `macroF1` counts a class that is neither true nor predicted as 0, as scikit-learn and the 2018 competition do. */
  readonly scores: MultilabelScores;
  readonly images: number;
  /** Images of the truth without prediction: they count as predicted to show nothing. */
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Scores labels of images: a label table of either competition, a submission file of the 2018 one, or a folder written by
 * `predict`, whose images show what one of their cells shows at the threshold. Where one side has the 28 classes of 2018
 * and the other the 19, the 28 are folded into the 19.
 * @throws InputError `evaluation-format`, `no-truth`, and what `readLabelSets` and `readTable` throw
 */
export async function evaluateLabels(
  truthPath: string,
  predictionsPath: string,
  threshold: number,
): Promise<LabelEvaluation> {
  const given = await readLabelSets(truthPath);
  if (given.sets.size === 0)
    throw new InputError('no-truth', `${truthPath}: has no row; expected one an image`);
  const found = await readPredictedLabels(predictionsPath, threshold);
  const sameClasses = given.classes.length === found.classes.length;
  const truth = sameClasses ? given : foldSets(given);
  const predicted = sameClasses ? found : foldSets(found);
  const count = truth.classes.length;
  const ids = [...truth.sets.keys()];
  const flat = (sets: LabelSets['sets']) => {
    const values = new Uint8Array(ids.length * count);
    ids.forEach((id, i) => {
      for (const classId of sets.get(id) ?? []) values[i * count + classId] = 1;
    });
    return values;
  };
  return {
    classes: truth.classes,
    scores: multilabelScores(flat(predicted.sets), flat(truth.sets), count, { absentClasses: 'zero' }),
    images: ids.length,
    missing: ids.filter((id) => !predicted.sets.has(id)),
    unknown: [...predicted.sets.keys()].filter((id) => !truth.sets.has(id)),
  };
}

function foldSets({ sets, fold }: LabelSets): LabelSets {
  return {
    classes: LOCATIONS,
    sets: new Map(Array.from(sets, ([id, classes]) => [id, foldClasses(classes, fold)])),
    fold: LOCATIONS.map((_, id) => id),
  };
}

async function readPredictedLabels(path: string, threshold: number): Promise<LabelSets> {
  const format = await formatOf(path);
  if (format === 'labels') return readLabelSets(path);
  if (format !== 'folder') {
    throw new InputError(
      'evaluation-format',
      `${path}: the truth holds labels of whole images; expected labels of images (ID,Label or Id,Predicted) or a ` +
        'folder written by predict',
    );
  }
  const scores = await readCellScores(path);
  const called = (id: string) => {
    const cells = [...(scores.get(id)?.values() ?? [])];
    return LOCATIONS.flatMap((_, classId) =>
      cells.some((cell) => cell[classId] >= threshold) ? [classId] : [],
    );
  };
  return {
    classes: LOCATIONS,
    sets: new Map((await fieldFolders(path)).map((id) => [id, called(id)])),
    fold: LOCATIONS.map((_, id) => id),
  };
}
