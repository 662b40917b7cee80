import { LOCATIONS } from '../common/index.js';
import { rleArea } from '../masks/index.js';
import { type Calibration, calibration } from './calibration.js';
import { type CellRecord, cellRecords } from './cell-records.js';
import { type CocoScore, createCocoTally } from './coco-ap.js';
import {
  type CompetitionScore,
  competitionMap,
  createCompetitionTally,
  meanOfNumbers,
} from './competition.js';
import { bestF1, type OperatingPoint, precisionRecallCurve } from './curves.js';
import { type ImagePrediction, type ImageTruth, scoreCells } from './image-cells.js';
import { applyThresholds, type MultilabelScores, multilabelScores } from './multilabel.js';
import { overlapsOfMasks } from './overlaps.js';
import { createSegmentationTally, type SegmentationScores } from './segmentation.js';

/** The competition's IoU. */
export const COMPETITION_IOU = 0.6;
const IOUS = [0.5, 0.55, COMPETITION_IOU, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95] as const;

export interface EvaluationOptions {
  /** See `CompetitionOptions`. @default 'strict' */
  readonly mode?: 'strict' | 'oid';
  /** Score from which a location counts as called, where label sets are compared. @default 0.5 */
  readonly threshold?: number;
  /** @default the number of locations, 19 */
  readonly classes?: number;
}

/** How a model does on one location. */
export interface LocationScore {
  readonly classId: number;
  /** The competition's AP at IoU 0.6; NaN where no true cell shows the location. */
  readonly ap: number;
  /** Its mean over IoU 0.5, 0.55, ... 0.95. */
  readonly ap50to95: number;
  readonly truths: number;
  readonly detections: number;
  /** The point of the precision-recall curve with the greatest F1; null without detections. */
  readonly best: OperatingPoint | null;
}

/** How a model locates the cells: outlines and locations together, and the locations of found cells alone. */
export interface LocationEvaluation {
  /** Mean AP over the locations, the competition's rules, IoU 0.6. */
  readonly mAP: number;
  /** Its mean over IoU 0.5, 0.55, ... 0.95. */
  readonly mAP50to95: number;
  readonly perLocation: readonly LocationScore[];
  readonly coco: CocoScore;
  /** Label sets of the found cells of known locations, called at the threshold. */
  readonly cells: MultilabelScores & { readonly count: number };
  /** Label sets of images: an image shows what one of its cells shows; its score is the greatest of its cells'. */
  readonly images: MultilabelScores & { readonly count: number };
  /** Of the found cells' scores; null where a score lies outside [0, 1]. */
  readonly calibration: Calibration | null;
}

/** What one image came to. */
export interface ImageScores {
  readonly id: string;
  readonly trueCells: number;
  readonly predictedCells: number;
  /** F1 of the outlines at IoU 0.6. */
  readonly f1: number;
  /** The competition's metric on this image alone; NaN where the truth names no location. */
  readonly mAP: number;
  readonly records: readonly CellRecord[];
}

/** Scores images one after the other; what it keeps of each does not include its masks. */
export interface EvaluationTally {
  /** Throws RangeError where a mask has another size than the image, or a class id is out of range. */
  add(truth: ImageTruth, prediction: ImagePrediction): ImageScores;
  /** In the order in which they were added. */
  readonly images: readonly ImageScores[];
  segmentation(imageWeights?: ArrayLike<number>): SegmentationScores;
  /** The competition's metric at IoU 0.6. */
  competition(imageWeights?: ArrayLike<number>): CompetitionScore;
  locations(): LocationEvaluation;
  /** Precision over recall of a location at IoU 0.6. */
  curve(classId: number): OperatingPoint[];
}

/** An evaluation of predictions against truth: outlines and locations. */
export function createEvaluationTally(options: EvaluationOptions = {}): EvaluationTally {
  const { mode = 'strict', threshold = 0.5, classes = LOCATIONS.length } = options;
  const competition = createCompetitionTally({ mode, classes, ious: IOUS });
  const coco = createCocoTally({ classes });
  const segmentation = createSegmentationTally();
  const images: ImageScores[] = [];
  const imageLabels: ImageLabels[] = [];
  return {
    images,
    add(truth, given) {
      const prediction = dropEmpty(given);
      const overlaps = overlapsOfMasks(
        prediction.masks,
        truth.cells.map(({ mask }) => mask),
      );
      const scored = {
        ...scoreCells(
          overlaps,
          truth.cells.map(({ locations }) => locations),
          prediction.detections,
        ),
        verifiedClasses: truth.verifiedClasses,
      };
      competition.add(scored);
      coco.add(scored);
      segmentation.add(overlaps);
      const alone = createSegmentationTally();
      alone.add(overlaps);
      imageLabels.push(labelsOfImage(truth, prediction, classes));
      const scores: ImageScores = {
        id: truth.id,
        trueCells: truth.cells.length,
        predictedCells: prediction.masks.length,
        f1: alone.scores().f1_60,
        mAP: competitionMap([scored], { mode, classes, iou: COMPETITION_IOU }).mAP,
        records: cellRecords(images.length, truth, prediction, overlaps, classes),
      };
      images.push(scores);
      return scores;
    },
    segmentation: (imageWeights) => segmentation.scores(imageWeights),
    competition: (imageWeights) => competition.score(COMPETITION_IOU, imageWeights),
    curve: (classId) => precisionRecallCurve(competition.ranked(classId, COMPETITION_IOU)),
    locations() {
      const byIou = competition.scores();
      const { mAP, perClass } = byIou[IOUS.indexOf(COMPETITION_IOU)];
      const found = images.flatMap(({ records }) => records.filter(isLocated));
      const known = imageLabels.filter(({ truth }) => truth !== null);
      return {
        mAP,
        mAP50to95: meanOfNumbers(byIou.map((score) => score.mAP)),
        perLocation: perClass.map(({ classId, ap, truths, detections }) => {
          const ranked = competition.ranked(classId, COMPETITION_IOU);
          const ap50to95 = meanOfNumbers(byIou.map((score) => score.perClass[classId].ap));
          return { classId, ap, ap50to95, truths, detections, best: bestF1(ranked) };
        }),
        coco: coco.score(),
        cells: compareLabels(
          found.map(({ scores }) => scores),
          found.map(({ locations }) => locations),
          threshold,
          classes,
        ),
        images: compareLabels(
          known.map(({ scores }) => scores),
          known.map(({ truth }) => truth ?? []),
          threshold,
          classes,
        ),
        calibration: calibrate(found, classes),
      };
    },
  };
}

/** Masks without a pixel count for nothing, as the competition has it: they are no cells. */
function dropEmpty({ masks, detections }: ImagePrediction): ImagePrediction {
  const areas = masks.map(rleArea);
  if (!areas.includes(0)) return { masks, detections };
  const index = new Map<number, number>();
  areas.forEach((area, instance) => {
    if (area > 0) index.set(instance, index.size);
  });
  return {
    masks: masks.filter((_, instance) => areas[instance] > 0),
    detections: detections.flatMap((detection) => {
      const instance = index.get(detection.instance);
      return instance === undefined ? [] : [{ ...detection, instance }];
    }),
  };
}

/** What an image shows and scores; `truth` null where the locations of one of its cells are unknown. */
interface ImageLabels {
  readonly truth: readonly number[] | null;
  readonly scores: Float64Array;
}

function labelsOfImage(truth: ImageTruth, { detections }: ImagePrediction, classes: number): ImageLabels {
  const scores = new Float64Array(classes);
  for (const { classId, score } of detections) scores[classId] = Math.max(scores[classId], score);
  const shown = new Set<number>();
  for (const { locations } of truth.cells) {
    if (locations === null) return { truth: null, scores };
    for (const classId of locations) shown.add(classId);
  }
  return { truth: [...shown], scores };
}

/** A cell that was found, and whose locations are known. */
type LocatedCell = CellRecord & { readonly locations: readonly number[]; readonly scores: Float64Array };

function isLocated(record: CellRecord): record is LocatedCell {
  return record.locations !== null && record.scores !== null;
}

function compareLabels(
  scores: readonly Float64Array[],
  truth: readonly (readonly number[])[],
  threshold: number,
  classes: number,
): MultilabelScores & { readonly count: number } {
  const targets = flatTargets(truth, classes);
  const called = applyThresholds(flatten(scores, classes), new Float64Array(classes).fill(threshold));
  return { ...multilabelScores(called, targets, classes), count: truth.length };
}

function calibrate(cells: readonly LocatedCell[], classes: number): Calibration | null {
  const scores = flatten(
    cells.map((cell) => cell.scores),
    classes,
  );
  if (scores.some((score) => !(score >= 0 && score <= 1))) return null;
  return calibration(
    scores,
    flatTargets(
      cells.map(({ locations }) => locations),
      classes,
    ),
  );
}

function flatten(rows: readonly Float64Array[], classes: number): Float64Array {
  const flat = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => {
    flat.set(row, i * classes);
  });
  return flat;
}

function flatTargets(rows: readonly (readonly number[])[], classes: number): Uint8Array {
  const flat = new Uint8Array(rows.length * classes);
  rows.forEach((row, i) => {
    for (const classId of row) flat[i * classes + classId] = 1;
  });
  return flat;
}
