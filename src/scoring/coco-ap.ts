import { LOCATIONS } from '../common/index.js';
import { rankByScore } from './average-precision.js';
import { meanOfNumbers } from './competition.js';
import { createDetectionPool, type DetectionPool } from './detection-pool.js';
import type { Overlaps } from './overlaps.js';
import { type Detection, detectionsByClass, type ScoredImage, truthByClass } from './scored-image.js';

/** IoU 0.5, 0.55, ... 0.95 as COCO computes them (numpy.linspace), to the last bit. */
export const COCO_IOUS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);
/** Recall levels at which precision is read off. */
const RECALL_LEVELS = Array.from({ length: 101 }, (_, i) => i * 0.01);

export interface CocoOptions {
  /** @default the number of locations, 19 */
  readonly classes?: number;
  /** Detections of a class that count in an image, best scores first. @default 100 */
  readonly maxDetections?: number;
}

/** Average precision as COCO defines it; each NaN where there is no truth. */
export interface CocoScore {
  /** Mean over the classes and IoU 0.5, 0.55, ... 0.95. */
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
  /** Mean over the IoUs, by class id; NaN where the class has no truth. */
  readonly perClass: readonly number[];
}

/** Takes image after image, as `CompetitionTally`. */
export interface CocoTally {
  /** Throws RangeError for a class id out of range or a score that is not a number. */
  add(image: ScoredImage): void;
  score(): CocoScore;
}

/**
 * COCO's average precision of masks (cocodataset.org, "Detection evaluation"; pycocotools' COCOeval, all areas). It is
 * not the competition's: a detection takes the best truth that is still free, so it may fall back to its second best;
 * AP is the mean of the precision envelope at 101 recalls; at most 100 detections of a class count in an image.
 * Detections with an empty mask are left out.
 */
export function createCocoTally(options: CocoOptions = {}): CocoTally {
  const { classes = LOCATIONS.length, maxDetections = 100 } = options;
  const pools = Array.from({ length: classes }, createDetectionPool);
  let images = 0;
  return {
    add(image) {
      const truth = truthByClass(image, classes);
      for (const [classId, instances] of truth) pools[classId].addTruths(images, instances.length);
      for (const [classId, detections] of detectionsByClass(image, classes)) {
        const order = rankByScore(detections.map(({ score }) => score)).subarray(0, maxDetections);
        const best = Array.from(order, (i) => detections[i]);
        const hitBits = matchGreedily(image.overlaps, truth.get(classId) ?? [], best);
        best.forEach(({ score }, i) => {
          pools[classId].addDetection(images, score, hitBits[i]);
        });
      }
      images++;
    },
    score() {
      const byIou = COCO_IOUS.map((_, bit) => pools.map((pool) => interpolatedAp(pool, bit)));
      const perClass = pools.map((_, classId) => meanOfNumbers(byIou.map((aps) => aps[classId])));
      return {
        ap: meanOfNumbers(perClass),
        ap50: meanOfNumbers(byIou[0]),
        ap75: meanOfNumbers(byIou[5]),
        perClass,
      };
    },
  };
}

/** For each detection, best score first, the IoU thresholds at which it finds a truth that is still free. */
function matchGreedily(
  { iou, truthAreas }: Overlaps,
  instances: readonly number[],
  detections: readonly Detection[],
): Uint32Array {
  const hitBits = new Uint32Array(detections.length);
  const taken = new Uint32Array(instances.length);
  for (let bit = 0; bit < COCO_IOUS.length; bit++) {
    for (let d = 0; d < detections.length; d++) {
      const row = detections[d].instance * truthAreas.length;
      let best = -1;
      let bestIou = COCO_IOUS[bit];
      for (let t = 0; t < instances.length; t++) {
        const value = iou[row + instances[t]];
        // Of equals the last, as in COCOeval.
        if (value < bestIou || (taken[t] >> bit) & 1) continue;
        best = t;
        bestIou = value;
      }
      if (best < 0) continue;
      taken[best] |= 1 << bit;
      hitBits[d] |= 1 << bit;
    }
  }
  return hitBits;
}

/** Mean, over the recall levels, of the greatest precision at that recall or more. */
function interpolatedAp(pool: DetectionPool, bit: number): number {
  const truths = pool.truths();
  if (truths === 0) return Number.NaN;
  const hits = pool.ranked().hits(bit);
  const precision = new Float64Array(hits.length);
  const recall = new Float64Array(hits.length);
  let found = 0;
  for (let i = 0; i < hits.length; i++) {
    found += hits[i];
    precision[i] = found / (i + 1);
    recall[i] = found / truths;
  }
  for (let i = hits.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i], precision[i + 1]);
  let sum = 0;
  let at = 0;
  for (const level of RECALL_LEVELS) {
    while (at < recall.length && recall[at] < level) at++;
    if (at === recall.length) break;
    sum += precision[at];
  }
  return sum / RECALL_LEVELS.length;
}
