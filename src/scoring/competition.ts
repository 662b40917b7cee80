import { LOCATIONS } from '../common/index.js';
import { envelopeArea, rankByScore } from './average-precision.js';
import { createDetectionPool, type DetectionPool } from './detection-pool.js';
import type { Overlaps } from './overlaps.js';
import {
  checkClass,
  type Detection,
  detectionsByClass,
  type ScoredImage,
  truthByClass,
} from './scored-image.js';

export interface CompetitionOptions {
  /**
   * `strict`: every class counts as verified in every image. `oid`: detections of a class that was not verified for an
   * image are ignored, as in Open Images.
   * @default 'strict'
   */
  readonly mode?: 'strict' | 'oid';
  /**
   * IoU from which a detection is a hit; several give one result each. At most 30.
   * @default [0.6]
   */
  readonly ious?: readonly number[];
  /** @default the number of locations, 19 */
  readonly classes?: number;
}

/** Score of one class. */
export interface ClassScore {
  readonly classId: number;
  /** NaN where the class has no truth: it is left out of the mean. */
  readonly ap: number;
  readonly truths: number;
  /** Detections that counted: of a mask that is not empty, of a verified class. */
  readonly detections: number;
}

export interface CompetitionScore {
  readonly iou: number;
  /** Mean of `ap` over the classes that have truth; NaN where none has. */
  readonly mAP: number;
  readonly perClass: readonly ClassScore[];
}

/** A class's detections over all images, best score first: what precision-recall curves are drawn from. */
export interface RankedDetections {
  readonly scores: Float64Array;
  /** 1 where the detection is a true positive. */
  readonly hits: Uint8Array;
  readonly truths: number;
}

/** Takes image after image, so that no more than one image's masks need be in memory. */
export interface CompetitionTally {
  /** Throws RangeError for a class id out of range or a score that is not a number. */
  add(image: ScoredImage): void;
  /** Images added so far. */
  readonly images: number;
  /**
   * One score for each IoU asked for. `imageWeights` counts the i-th image that many times: what a bootstrap over
   * images asks for; 1 each where absent.
   */
  scores(imageWeights?: ArrayLike<number>): CompetitionScore[];
  /** The score at one of the IoUs asked for; throws RangeError for another. */
  score(iou: number, imageWeights?: ArrayLike<number>): CompetitionScore;
  /** Throws RangeError when `iou` is not one of those asked for. */
  ranked(classId: number, iou: number): RankedDetections;
}

/**
 * The metric of the 2021 competition: mean AP over the classes, Open Images instance segmentation rules.
 *
 * In each image and class, detections with an empty mask are dropped; the others are taken by score, highest first
 * (equal scores keep their order). A detection is compared with the truth of its class with which its IoU is greatest
 * (the first of equals): it is a true positive if that IoU is at least the threshold and that truth is not taken yet,
 * else a false positive; it never falls back to its second best. All images are pooled and ordered by score (equal
 * scores: by image, then order in it); AP is the area under the envelope of precision over recall. A class without
 * detections has AP 0; a class without truth is left out. Truth with an empty mask is not counted.
 */
export function createCompetitionTally(options: CompetitionOptions = {}): CompetitionTally {
  const { mode = 'strict', ious = [0.6], classes = LOCATIONS.length } = options;
  if (ious.length > 30) throw new RangeError(`at most 30 IoU thresholds, got ${ious.length}`);
  const pools = Array.from({ length: classes }, createDetectionPool);
  let images = 0;
  const bitOf = (iou: number) => {
    const bit = ious.indexOf(iou);
    if (bit < 0) throw new RangeError(`IoU ${iou} was not asked for; there are ${ious.join(', ')}`);
    return bit;
  };
  return {
    get images() {
      return images;
    },
    add(image) {
      const truth = truthByClass(image, classes);
      const verified = new Set([...truth.keys(), ...(image.verifiedClasses ?? [])]);
      for (const [classId, instances] of truth) pools[classId].addTruths(images, instances.length);
      for (const [classId, detections] of detectionsByClass(image, classes)) {
        if (mode === 'oid' && !verified.has(classId)) continue;
        matchClass(image.overlaps, truth.get(classId) ?? [], detections, ious, (score, hitBits) =>
          pools[classId].addDetection(images, score, hitBits),
        );
      }
      images++;
    },
    scores: (imageWeights) => ious.map((iou, bit) => scorePools(pools, iou, bit, imageWeights)),
    score: (iou, imageWeights) => scorePools(pools, iou, bitOf(iou), imageWeights),
    ranked(classId, iou) {
      const bit = bitOf(iou);
      checkClass(classId, classes);
      const ranking = pools[classId].ranked();
      return { scores: ranking.scores, hits: ranking.hits(bit), truths: pools[classId].truths() };
    },
  };
}

/** The competition's metric at one IoU (0.6) over images that are all at hand; see createCompetitionTally. */
export function competitionMap(
  images: Iterable<ScoredImage>,
  options: Omit<CompetitionOptions, 'ious'> & { readonly iou?: number } = {},
): CompetitionScore {
  const { iou = 0.6, ...rest } = options;
  const tally = createCompetitionTally({ ...rest, ious: [iou] });
  for (const image of images) tally.add(image);
  return tally.scores()[0];
}

/** Mean of the values that are not NaN; NaN where there are none. */
export function meanOfNumbers(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function scorePools(
  pools: readonly DetectionPool[],
  iou: number,
  bit: number,
  imageWeights?: ArrayLike<number>,
): CompetitionScore {
  const perClass = pools.map((pool, classId): ClassScore => {
    const ranking = pool.ranked();
    const truths = pool.truths(imageWeights);
    const weighting = imageWeights && { images: ranking.images, weights: imageWeights };
    const ap = envelopeArea(ranking.hitRanks(bit), truths, weighting);
    const detections = pool.detections(imageWeights);
    return { classId, ap, truths, detections };
  });
  return { iou, mAP: meanOfNumbers(perClass.map(({ ap }) => ap)), perClass };
}

/** Hands over the detections of one image and class, best score first, each with the IoUs at which it is a hit. */
function matchClass(
  { iou, truthAreas }: Overlaps,
  instances: readonly number[],
  detections: readonly Detection[],
  thresholds: readonly number[],
  add: (score: number, hitBits: number) => void,
): void {
  const taken = new Uint32Array(instances.length);
  for (const index of rankByScore(detections.map(({ score }) => score))) {
    const { instance, score } = detections[index];
    let best = -1;
    let bestIou = -1;
    for (let t = 0; t < instances.length; t++) {
      const value = iou[instance * truthAreas.length + instances[t]];
      if (value > bestIou) {
        best = t;
        bestIou = value;
      }
    }
    let hitBits = 0;
    for (let bit = 0; bit < thresholds.length; bit++) {
      if (bestIou >= thresholds[bit] && (taken[best] & (1 << bit)) === 0) hitBits |= 1 << bit;
    }
    if (best >= 0) taken[best] |= hitBits;
    add(score, hitBits);
  }
}
