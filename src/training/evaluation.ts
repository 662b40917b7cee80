import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { cutCrops } from '../crops/index.js';
import { readTruthLocations, readTruthSegmentation } from '../dataset/index.js';
import { measureRegions } from '../imaging/index.js';
import { findFields, type PixelSizes, readField } from '../io/index.js';
import type { Classifier } from '../networks/index.js';
import { targetsOf } from './cells.js';
import { classifyAll, type RankingScores, rankingScores } from './scores.js';

/**
 * Scores a classifier on cells whose outlines and locations are known: the fields of a folder with the truth folder
 * `truth/` in it. Cells of unknown locations are left out. All cells of all fields are ranked together.
 * @throws InputError `no-truth-cells`, and what reading the fields, the labels and the tables throws
 */
export async function scoreOnTruth(
  classifier: Classifier,
  folder: string,
  pixelSizes: PixelSizes,
): Promise<RankingScores> {
  const truthFolder = join(folder, 'truth');
  const truth = await readTruthLocations(truthFolder);
  const { sources, problems } = await findFields([folder]);
  if (problems.length > 0) throw problems[0];
  const scores: number[] = [];
  const targets: number[] = [];
  for (const source of sources) {
    const known = truth.get(source.id);
    if (known === undefined) continue;
    const field = await readField(source, pixelSizes);
    const segmentation = await readTruthSegmentation(truthFolder, source.id);
    const regions = measureRegions(segmentation.cells).filter(({ label }) => known.get(label) != null);
    const crops = cutCrops(field, segmentation, regions, classifier.metadata.crop);
    scores.push(...(await classifyAll(classifier, crops, regions.length)));
    for (const { label } of regions) targets.push(...targetsOf(known.get(label) ?? []));
  }
  if (scores.length === 0) {
    throw new InputError(
      'no-truth-cells',
      `${truthFolder}: no cell of known locations in the fields of ${folder}`,
    );
  }
  return rankingScores(Float32Array.from(scores), Float32Array.from(targets));
}
