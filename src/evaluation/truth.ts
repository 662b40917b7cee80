import { InputError } from '../common/index.js';
import type { CocoId } from '../masks/index.js';
import type { ImageTruth } from '../scoring/index.js';
import { formatOf } from './format.js';
import { openTruthCoco } from './truth-coco.js';
import { openTruthFolder } from './truth-folder.js';
import { openTruthSubmission } from './truth-submission.js';

/** Images of known cells; each is read when it is asked for. */
export interface TruthSource {
  readonly path: string;
  readonly ids: readonly string[];
  /** Whether locations are known, or outlines alone. */
  readonly knowsLocations: boolean;
  /** @throws InputError whatever is wrong with the image's truth */
  read(id: string): Promise<ImageTruth>;
  /** Where the truth is a COCO data set: what its ids mean, for results that name images and categories by them. */
  readonly coco: CocoIds | null;
}

/** What the ids of a COCO data set stand for. */
export interface CocoIds {
  /** Id of the field of view. */
  readonly images: ReadonlyMap<CocoId, string>;
  /** Class ids by category id; empty where the categories are no locations. */
  readonly categories: ReadonlyMap<number, number>;
}

/**
 * Opens truth: a folder (`ID/cells.png`, `cells.csv`), a COCO data set, or a CSV file in the submission's format.
 * @throws InputError `evaluation-format`, `no-truth`, and whatever is wrong with the files
 */
export async function openTruth(path: string): Promise<TruthSource> {
  const format = await formatOf(path);
  if (format === 'folder') return openTruthFolder(path);
  if (format === 'coco') return openTruthCoco(path);
  if (format === 'submission') return openTruthSubmission(path);
  throw new InputError(
    'evaluation-format',
    format === 'labels'
      ? `${path}: holds labels of whole images, so the predictions must be labels of images or a folder written by predict`
      : `${path}: is a list of COCO results; the truth must be a COCO data set (with images, annotations, categories)`,
  );
}
