import type { Rle } from '../masks/index.js';
import type { CellRecord, ImagePrediction, ImageScores, ImageTruth } from '../scoring/index.js';

/** How many of each kind a report shows. */
const KEPT_FIELDS = 4;
const KEPT_CELLS = 8;

/** A field with its masks, kept to be drawn. */
export interface DrawnField {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly truth: readonly Rle[];
  readonly predicted: readonly Rle[];
  readonly scores: ImageScores;
}

/** A true cell with what lies around it. */
export interface DrawnCell {
  readonly field: DrawnField;
  readonly mask: Rle;
  readonly record: CellRecord;
}

/** Where a model does worst, worst first. */
export interface WorstImages {
  readonly fields: readonly DrawnField[];
  /** Cells that were not found, the largest first. */
  readonly missed: readonly DrawnCell[];
  /** Found cells whose scores are farthest from the truth (from their outline, where no locations are known). */
  readonly wrong: readonly DrawnCell[];
}

export interface WorstCollector {
  add(truth: ImageTruth, prediction: ImagePrediction, scores: ImageScores): void;
  images(): WorstImages;
}

/** Keeps the masks of the worst images alone, whatever the number that is added. */
export function createWorstCollector(): WorstCollector {
  const fields = createRanking<DrawnField>(KEPT_FIELDS);
  const missed = createRanking<DrawnCell>(KEPT_CELLS);
  const wrong = createRanking<DrawnCell>(KEPT_CELLS);
  return {
    add(truth, prediction, scores) {
      const field: DrawnField = {
        id: truth.id,
        width: truth.width,
        height: truth.height,
        truth: truth.cells.map(({ mask }) => mask),
        predicted: prediction.masks,
        scores,
      };
      // A field without any cell has nothing to be right or wrong about.
      if (!Number.isNaN(scores.f1)) fields.add(field, 1 - fieldScore(scores));
      scores.records.forEach((record, i) => {
        const cell: DrawnCell = { field, mask: field.truth[i], record };
        if (record.iou === 0) missed.add(cell, record.areaPx);
        else wrong.add(cell, cellError(record));
      });
    },
    images: () => ({ fields: fields.items(), missed: missed.items(), wrong: wrong.items() }),
  };
}

/** A field's own mAP; its outlines' F1 where no locations are known. */
export function fieldScore({ mAP, f1 }: ImageScores): number {
  return Number.isNaN(mAP) ? f1 : mAP;
}

/** Mean squared distance of the scores from the truth (Brier); 1 - IoU where no locations are known. */
export function cellError({ locations, scores, iou }: CellRecord): number {
  if (locations === null || scores === null) return 1 - iou;
  return (
    scores.reduce((sum, score, id) => sum + (score - (locations.includes(id) ? 1 : 0)) ** 2, 0) /
    scores.length
  );
}

/** The `most` items of the greatest badness; of equals the earlier ones. */
function createRanking<T>(most: number) {
  const kept: { item: T; badness: number }[] = [];
  return {
    add(item: T, badness: number): void {
      if (kept.length === most && badness <= kept[most - 1].badness) return;
      const place = kept.findIndex((other) => other.badness < badness);
      kept.splice(place < 0 ? kept.length : place, 0, { item, badness });
      if (kept.length > most) kept.pop();
    },
    items: (): T[] => kept.map(({ item }) => item),
  };
}
