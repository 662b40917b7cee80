import { type AnchorPlan, anchorOffsets } from './anchors.js';
import { type Boxes, clipBoxes, decodeBoxes, PROPOSAL_CODING, takeBoxes } from './boxes.js';
import { bestFirst, suppress } from './suppression.js';

export interface ProposalSettings {
  /** Best anchors of each level that are looked at, and best proposals of all that are kept. */
  readonly perLevel: number;
  readonly kept: number;
  /** Proposals of one level that overlap more than this are one. */
  readonly overlap: number;
}

/** Overlap of the paper, torchvision and Detectron2. */
export const PROPOSAL_OVERLAP = 0.7;
/** Proposals less wide or high than this are none (torchvision: 1e-3). */
const LEAST_SIDE_PX = 1e-3;

/**
 * The regions that the network proposes in one image, best first (Ren et al. 2015, with levels as Lin et al. 2017).
 * @param objectness a logit an anchor, in the order of `placeAnchors`
 * @param codes four planes of numbers a level: those of all its anchors' shifts in x, in y, changes of width, of height
 */
export function proposeRegions(
  objectness: Float32Array,
  codes: Float32Array,
  anchors: Boxes,
  plan: AnchorPlan,
  size: { readonly width: number; readonly height: number },
  settings: ProposalSettings,
): Boxes {
  const offsets = anchorOffsets(plan, size.width, size.height);
  const boxes: number[] = [];
  const scores: number[] = [];
  for (let level = 0; level + 1 < offsets.length; level++) {
    const start = offsets[level];
    const count = offsets[level + 1] - start;
    const own = objectness.subarray(start, start + count);
    const best = bestFirst(own).slice(0, settings.perLevel);
    const deltas = takeCodes(codes, start, count, best);
    const references = takeBoxes(
      anchors,
      best.map((i) => start + i),
    );
    const found = clipBoxes(decodeBoxes(deltas, references, PROPOSAL_CODING), size.width, size.height);
    const large = best.flatMap((_, i) => (isLarge(found, i) ? [i] : []));
    const regions = takeBoxes(found, large);
    const logits = large.map((i) => own[best[i]]);
    for (const i of suppress(regions, logits, settings.overlap, { most: settings.kept })) {
      boxes.push(...regions.subarray(4 * i, 4 * i + 4));
      scores.push(logits[i]);
    }
  }
  return takeBoxes(Float32Array.from(boxes), bestFirst(scores).slice(0, settings.kept));
}

/** Codes of some of a level's anchors, box by box. */
export function takeCodes(
  codes: Float32Array,
  start: number,
  count: number,
  indices: readonly number[],
): Float32Array {
  const taken = new Float32Array(4 * indices.length);
  indices.forEach((index, i) => {
    for (let c = 0; c < 4; c++) taken[4 * i + c] = codes[4 * start + c * count + index];
  });
  return taken;
}

function isLarge(boxes: Boxes, i: number): boolean {
  return (
    boxes[4 * i + 2] - boxes[4 * i] >= LEAST_SIDE_PX && boxes[4 * i + 3] - boxes[4 * i + 1] >= LEAST_SIDE_PX
  );
}
