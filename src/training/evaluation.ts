import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { readTruthLocations, readTruthSegmentation } from '../dataset/index.js';
import { measureRegions } from '../imaging/index.js';
import { findFields, type PixelSizes, readField } from '../io/index.js';
import { type Classifier, scoreCells } from '../networks/index.js';
import { targetsOf } from './cells.js';
import { joinRows, type RankingScores, rankingScores } from './scores.js';

/** A field's cells whose outlines and locations are known, with a classifier's scores. */
export interface KnownScores {
  readonly field: string;
  readonly cells: number;
  /** cells x 19 */
  readonly scores: Float32Array;
  /** cells x 19, 1 where the cell shows the location, else 0. */
  readonly targets: Float32Array;
}

/**
 * Scores cells whose outlines and locations are known: the fields of a folder with the truth folder `truth/` in it. Cells
 * of unknown locations are left out.
 * @param calibrated see `scoreCells`
 * @throws InputError `no-truth-cells`, and what reading the fields, the labels and the tables throws
 */
export async function scoreKnownCells(
  classifier: Classifier,
  folder: string,
  pixelSizes: PixelSizes,
  calibrated: boolean,
): Promise<KnownScores[]> {
  const truthFolder = join(folder, 'truth');
  const truth = await readTruthLocations(truthFolder);
  const { sources, problems } = await findFields([folder]);
  if (problems.length > 0) throw problems[0];
  const fields: KnownScores[] = [];
  for (const source of sources) {
    const known = truth.get(source.id);
    if (known === undefined) continue;
    const field = await readField(source, pixelSizes);
    const segmentation = await readTruthSegmentation(truthFolder, source.id);
    const regions = measureRegions(segmentation.cells).filter(({ label }) => known.get(label) != null);
    if (regions.length === 0) continue;
    const scores = await scoreCells(classifier, field, segmentation, regions, calibrated);
    fields.push({
      field: source.id,
      cells: regions.length,
      scores: joinRows(scores),
      targets: joinRows(regions.map(({ label }) => targetsOf(known.get(label) ?? []))),
    });
  }
  if (fields.length > 0) return fields;
  throw new InputError(
    'no-truth-cells',
    `${truthFolder}: no cell of known locations in the fields of ${folder}`,
  );
}

/**
 * How well a classifier ranks cells of known outlines and locations (see `scoreKnownCells`), all cells of all fields
 * together.
 */
export async function scoreOnTruth(
  classifier: Classifier,
  folder: string,
  pixelSizes: PixelSizes,
): Promise<RankingScores> {
  const fields = await scoreKnownCells(classifier, folder, pixelSizes, true);
  return rankingScores(
    joinRows(fields.map(({ scores }) => scores)),
    joinRows(fields.map(({ targets }) => targets)),
  );
}
