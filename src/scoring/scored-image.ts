import { groupBy } from '../common/index.js';
import type { Overlaps } from './overlaps.js';

/** One image's truth and detections; instances are indices into its overlaps, and may carry several classes. */
export interface ScoredImage {
  readonly overlaps: Overlaps;
  readonly truth: readonly TruthObject[];
  readonly detections: readonly Detection[];
  /** Classes that were looked for in this image besides those in `truth`; matters to mode `oid` only. */
  readonly verifiedClasses?: readonly number[];
}

export interface TruthObject {
  readonly instance: number;
  readonly classId: number;
}

export interface Detection {
  readonly instance: number;
  readonly classId: number;
  readonly score: number;
}

/**
 * True instances of each class, in their order; those with an empty mask are left out.
 * @throws RangeError for a class id out of range
 */
export function truthByClass({ truth, overlaps }: ScoredImage, classes: number): Map<number, number[]> {
  for (const { classId } of truth) checkClass(classId, classes);
  const visible = truth.filter(({ instance }) => overlaps.truthAreas[instance] > 0);
  const groups = groupBy(visible, ({ classId }) => classId);
  return new Map(Array.from(groups, ([id, objects]) => [id, objects.map(({ instance }) => instance)]));
}

/**
 * Detections of each class, in their order; those with an empty mask are left out.
 * @throws RangeError for a class id out of range or a score that is not a number
 */
export function detectionsByClass(
  { detections, overlaps }: ScoredImage,
  classes: number,
): Map<number, Detection[]> {
  for (const { classId, score } of detections) {
    checkClass(classId, classes);
    if (Number.isNaN(score)) throw new RangeError(`a score of class ${classId} is NaN`);
  }
  const visible = detections.filter(({ instance }) => overlaps.predictedAreas[instance] > 0);
  return groupBy(visible, ({ classId }) => classId);
}

/** @throws RangeError */
export function checkClass(classId: number, classes: number): void {
  if (Number.isInteger(classId) && classId >= 0 && classId < classes) return;
  throw new RangeError(`class ids must be 0 to ${classes - 1}, got ${classId}`);
}
