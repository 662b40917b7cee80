import type { Random } from '../../common/index.js';
import { type Boxes, boxIou } from './boxes.js';

/** Overlaps from which on a box is of an object, and below which it is background; between them it is neither. */
export interface MatchThresholds {
  readonly object: number;
  readonly background: number;
  /** The best boxes of each object are of it whatever they overlap, so that none is without any. */
  readonly bestAlways: boolean;
}

/** For anchors (Ren et al. 2015), and for proposals (Girshick 2015); torchvision, Detectron2. */
export const ANCHOR_MATCHING: MatchThresholds = { object: 0.7, background: 0.3, bestAlways: true };
export const PROPOSAL_MATCHING: MatchThresholds = { object: 0.5, background: 0.5, bestAlways: false };

export const BACKGROUND = -1;
export const NEITHER = -2;

/** For each box the index of the object that it overlaps most (of equal ones the first), or `BACKGROUND`, `NEITHER`. */
export function matchBoxes(boxes: Boxes, objects: Boxes, thresholds: MatchThresholds): Int32Array {
  const count = boxes.length / 4;
  const matches = new Int32Array(count).fill(BACKGROUND);
  const best = new Float64Array(count);
  const nearest = new Int32Array(count);
  const bestOfObject: number[][] = [];
  for (let object = 0; object < objects.length / 4; object++) {
    let most = 0;
    let holders: number[] = [];
    for (let i = 0; i < count; i++) {
      const iou = boxIou(boxes, i, objects, object);
      if (iou > best[i]) {
        best[i] = iou;
        nearest[i] = object;
      }
      if (iou > most) {
        most = iou;
        holders = [i];
      } else if (iou === most && iou > 0) holders.push(i);
    }
    bestOfObject.push(holders);
  }
  for (let i = 0; i < count; i++) {
    if (best[i] >= thresholds.object) matches[i] = nearest[i];
    else if (best[i] >= thresholds.background) matches[i] = NEITHER;
  }
  if (thresholds.bestAlways) {
    for (const holders of bestOfObject) for (const i of holders) matches[i] = nearest[i];
  }
  return matches;
}

/** Which boxes a step learns from. */
export interface Sample {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** At most `count` boxes drawn at random, at most the given share of them of objects; background fills the rest. */
export function sampleMatches(
  matches: Int32Array,
  count: number,
  positiveShare: number,
  random: Random,
): Sample {
  const positives: number[] = [];
  const negatives: number[] = [];
  matches.forEach((match, i) => {
    if (match >= 0) positives.push(i);
    else if (match === BACKGROUND) negatives.push(i);
  });
  const taken = draw(positives, Math.floor(count * positiveShare), random);
  return { positives: taken, negatives: draw(negatives, count - taken.length, random) };
}

/** At most `count` of the items, each as likely as another (Fisher and Yates, stopped early); changes their order. */
function draw(items: number[], count: number, random: Random): number[] {
  const most = Math.min(count, items.length);
  for (let i = 0; i < most; i++) {
    const j = i + random.integer(items.length - i);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items.slice(0, most);
}
