import { groupBy, InputError } from '../common/index.js';
import { readCocoFile, readCocoResults } from '../io/index.js';
import {
  COCO_CATEGORIES,
  type CocoSegmentation,
  cocoLocations,
  fromCocoSegmentation,
} from '../masks/index.js';
import type { Detection } from '../scoring/index.js';
import type { PredictedImage, SizedPrediction } from './predictions.js';
import type { TruthSource } from './truth.js';
import { cocoIds, groupByCell, inFile } from './truth-coco.js';

/** What is kept of a detection until its image is scored. */
interface Scored {
  readonly categoryId: number;
  readonly score: number;
}

/** One predicted mask with its detections. */
interface ScoredMask {
  readonly place: string;
  readonly segmentation: CocoSegmentation;
  readonly scored: Scored[];
}

/**
 * COCO results, read as a stream; each mask is kept once, however many classes it is detected as. Image and category ids
 * are those of the truth where it is a COCO data set; else an image's id is its field's and the categories are ours
 * (class id + 1).
 * @throws InputError `coco-category` for an unknown category, and what `readCocoResults` throws
 */
export async function* readCocoResultPredictions(
  path: string,
  truth: TruthSource,
): AsyncGenerator<PredictedImage> {
  const categories = truth.coco?.categories ?? cocoLocations(COCO_CATEGORIES, path);
  const images = new Map<string, Map<number | string, ScoredMask>>();
  let number = 0;
  for await (const result of readCocoResults(path)) {
    number++;
    const id = truth.coco?.images.get(result.image_id) ?? String(result.image_id);
    const masks = images.get(id) ?? new Map<number | string, ScoredMask>();
    images.set(id, masks);
    const [[key]] = groupByCell([result]);
    const mask = masks.get(key);
    const scored = { categoryId: result.category_id, score: result.score };
    if (mask !== undefined) mask.scored.push(scored);
    else {
      const { segmentation } = result;
      masks.set(key, { place: `${path}, result ${number}`, segmentation, scored: [scored] });
    }
  }
  for (const [id, masks] of images) {
    yield {
      id,
      async read({ width, height }) {
        return toPrediction([...masks.values()], width, height, categories);
      },
    };
  }
}

/**
 * A COCO data set whose annotations have scores.
 * @throws InputError `coco-score` where an annotation has none, and what `readCocoFile` throws
 */
export async function* readCocoPredictions(path: string): AsyncGenerator<PredictedImage> {
  const coco = await readCocoFile(path);
  const ids = cocoIds(coco, path);
  const byImage = groupBy(coco.annotations, ({ image_id }) => image_id);
  for (const { id, width, height } of coco.images) {
    yield {
      id: ids.images.get(id)!,
      async read() {
        const cells = [...groupByCell(byImage.get(id) ?? []).values()];
        const masks = cells.map((annotations): ScoredMask => {
          const place = `${path}, annotation ${annotations[0].id}`;
          const scored = annotations.map(({ category_id, score }): Scored => {
            if (score !== undefined) return { categoryId: category_id, score };
            throw new InputError('coco-score', `${place}: has no score; expected predictions, each with one`);
          });
          return { place, segmentation: annotations[0].segmentation, scored };
        });
        return toPrediction(masks, width, height, ids.categories);
      },
    };
  }
}

function toPrediction(
  cells: readonly ScoredMask[],
  width: number,
  height: number,
  categories: ReadonlyMap<number, number>,
): SizedPrediction {
  const masks = cells.map(({ place, segmentation }) =>
    inFile(place, () => fromCocoSegmentation(segmentation, width, height)),
  );
  // Where the truth knows no locations, categories mean nothing.
  if (categories.size === 0) return { width, height, masks, detections: [] };
  const detections = cells.flatMap(({ place, scored }, instance) =>
    scored.map(({ categoryId, score }): Detection => {
      const classId = categories.get(categoryId);
      if (classId !== undefined) return { instance, classId, score };
      const known = [...categories.keys()].join(', ');
      throw new InputError('coco-category', `${place}: category ${categoryId}; expected one of ${known}`);
    }),
  );
  return { width, height, masks, detections };
}
