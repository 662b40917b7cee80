import type { Random } from '../common/index.js';
import type { Batch } from '../learn/index.js';
import {
  ANCHOR_MATCHING,
  anchorOffsets,
  BOX_CODING,
  BOX_REGIONS,
  BOXES_OUTPUT,
  type Boxes,
  CLASSES_OUTPUT,
  CODES_OUTPUT,
  chooseLevels,
  type DetectorDescription,
  encodeBoxes,
  IMAGE_INPUT,
  MASK_REGIONS,
  MASK_SIZE,
  MASKS_OUTPUT,
  type MaskRcnnOptions,
  matchBoxes,
  OBJECTNESS_OUTPUT,
  PROPOSAL_CODING,
  PROPOSAL_MATCHING,
  PYRAMID_STRIDES,
  placeAnchors,
  sampleMatches,
  takeBoxes,
} from '../networks/index.js';
import type { DetectorPatch } from './detector-augmentation.js';
import type { Instance } from './detector-images.js';

/** Anchors of an image that a step learns from, and the most of them on objects (Ren et al. 2015). */
const SAMPLED_ANCHORS = 256;
const ANCHOR_POSITIVES = 0.5;
/** Most of the sampled regions that are on objects (Girshick 2015). */
const REGION_POSITIVES = 0.25;

/** What a training needs to know of its network. */
export interface DetectorPlan {
  readonly network: DetectorDescription;
  readonly options: MaskRcnnOptions;
  readonly channels: number;
  readonly patchPx: number;
}

/** Boxes of an image's cells. */
export function boxesOf(instances: readonly Instance[]): Boxes {
  return Float32Array.from(instances.flatMap(({ x, y, width, height }) => [x, y, x + width, y + height]));
}

/**
 * The batch for a step: what anchors and regions are sampled, and what the network should say of them.
 * @param proposals of each patch; the cells' own boxes are added, so that there are good ones from the start (torchvision, Detectron2)
 */
export function detectorBatch(
  plan: DetectorPlan,
  patches: readonly DetectorPatch[],
  proposals: readonly Boxes[],
  random: Random,
): Batch {
  const truths = patches.map(({ instances }) => boxesOf(instances));
  const anchors = anchorTargets(plan, truths, random);
  const regions = regionTargets(plan, patches, truths, proposals, random);
  const planes = new Float32Array(patches.reduce((sum, patch) => sum + patch.planes.length, 0));
  let at = 0;
  for (const patch of patches) {
    planes.set(patch.planes, at);
    at += patch.planes.length;
  }
  return {
    count: patches.length,
    inputs: { [IMAGE_INPUT]: planes, ...regions.inputs },
    targets: { ...anchors.targets, ...regions.targets },
    entryWeights: { ...anchors.entryWeights, ...regions.entryWeights },
  };
}

function anchorTargets(
  { options, patchPx }: DetectorPlan,
  truths: readonly Boxes[],
  random: Random,
): Pick<Batch, 'targets' | 'entryWeights'> {
  const anchors = placeAnchors(options.anchors, patchPx, patchPx);
  const offsets = anchorOffsets(options.anchors, patchPx, patchPx);
  const count = anchors.length / 4;
  const objectness = new Float32Array(truths.length * count);
  const asked = new Float32Array(truths.length * count);
  const codes = new Float32Array(4 * truths.length * count);
  const coded = new Float32Array(4 * truths.length * count);
  let sampled = 0;
  truths.forEach((truth, n) => {
    const matches = matchBoxes(anchors, truth, ANCHOR_MATCHING);
    const { positives, negatives } = sampleMatches(matches, SAMPLED_ANCHORS, ANCHOR_POSITIVES, random);
    sampled += positives.length + negatives.length;
    for (const i of [...positives, ...negatives]) asked[n * count + i] = 1;
    for (const i of positives) objectness[n * count + i] = 1;
    const own = takeBoxes(
      truth,
      positives.map((i) => matches[i]),
    );
    const targets = encodeBoxes(own, takeBoxes(anchors, positives), PROPOSAL_CODING);
    positives.forEach((i, k) => {
      const level = offsets.findIndex((offset) => i < offset) - 1;
      const start = offsets[level];
      const size = offsets[level + 1] - start;
      for (let c = 0; c < 4; c++) {
        const at = 4 * (n * count + start) + c * size + (i - start);
        codes[at] = targets[4 * k + c];
        coded[at] = 1;
      }
    });
  });
  for (let i = 0; i < coded.length; i++) coded[i] /= Math.max(1, sampled);
  return {
    targets: { [OBJECTNESS_OUTPUT]: objectness, [CODES_OUTPUT]: codes },
    entryWeights: { [OBJECTNESS_OUTPUT]: asked, [CODES_OUTPUT]: coded },
  };
}

function regionTargets(
  { network, options }: DetectorPlan,
  patches: readonly DetectorPatch[],
  truths: readonly Boxes[],
  proposals: readonly Boxes[],
  random: Random,
): Pick<Batch, 'inputs' | 'targets' | 'entryWeights'> {
  const { regions: perImage, maskRegions, classes, classHead } = options;
  const rows = patches.length * perImage;
  const maskRows = patches.length * maskRegions;
  const width = classes + 1;
  const regions = new Float32Array(4 * rows);
  const codes = new Float32Array(4 * rows);
  const coded = new Float32Array(4 * rows);
  const softmax = classHead === 'softmax';
  const ids = new Float32Array(rows).fill(-1);
  const yes = new Float32Array(softmax ? 0 : rows * width);
  const asked = new Float32Array(softmax ? 0 : rows * width);
  const maskBoxes = new Float32Array(4 * maskRows);
  const masks = new Float32Array(maskRows * MASK_SIZE ** 2);
  const masked = new Float32Array(masks.length);
  let sampled = 0;
  let cells = 0;
  patches.forEach(({ instances }, n) => {
    const candidates = Float32Array.from([...proposals[n], ...truths[n]]);
    const matches = matchBoxes(candidates, truths[n], PROPOSAL_MATCHING);
    const { positives, negatives } = sampleMatches(matches, perImage, REGION_POSITIVES, random);
    const taken = [...positives, ...negatives];
    sampled += taken.length;
    cells += positives.length;
    regions.set(takeBoxes(candidates, taken), 4 * n * perImage);
    const own = takeBoxes(
      truths[n],
      positives.map((i) => matches[i]),
    );
    const targets = encodeBoxes(own, takeBoxes(candidates, positives), BOX_CODING);
    codes.set(targets, 4 * n * perImage);
    coded.fill(1, 4 * n * perImage, 4 * (n * perImage + positives.length));
    taken.forEach((i, k) => {
      const row = n * perImage + k;
      const cell = matches[i] >= 0 ? instances[matches[i]] : null;
      if (softmax) ids[row] = cell === null ? 0 : 1 + drawOne(cell.locations, random);
      else {
        asked[row * width] = 1;
        if (cell === null) return;
        asked.fill(1, row * width + 1, (row + 1) * width);
        yes[row * width] = 1;
        for (const id of cell.locations) yes[row * width + 1 + id] = 1;
      }
    });
    positives.slice(0, maskRegions).forEach((i, k) => {
      const row = n * maskRegions + k;
      const box = candidates.subarray(4 * i, 4 * i + 4);
      maskBoxes.set(box, 4 * row);
      const start = row * MASK_SIZE ** 2;
      const end = start + MASK_SIZE ** 2;
      maskTarget(instances[matches[i]], box, masks.subarray(start, end));
      masked.fill(1, start, end);
    });
  });
  const share = 1 / Math.max(1, sampled);
  for (let i = 0; i < coded.length; i++) coded[i] *= share;
  for (let i = 0; i < asked.length; i++) asked[i] *= i % width === 0 ? share : 1 / Math.max(1, cells);
  const inputs = (names: typeof BOX_REGIONS, boxes: Boxes, count: number) => ({
    [names.regions]: boxes,
    [names.images]: Float32Array.from({ length: patches.length * count }, (_, i) => Math.floor(i / count)),
    [names.levels]: chooseLevels(boxes, PYRAMID_STRIDES, network.canonicalSidePx),
  });
  return {
    inputs: { ...inputs(BOX_REGIONS, regions, perImage), ...inputs(MASK_REGIONS, maskBoxes, maskRegions) },
    targets: { [CLASSES_OUTPUT]: softmax ? ids : yes, [BOXES_OUTPUT]: codes, [MASKS_OUTPUT]: masks },
    entryWeights: { [CLASSES_OUTPUT]: asked, [BOXES_OUTPUT]: coded, [MASKS_OUTPUT]: masked },
  };
}

/** A softmax head knows one location a cell: of several, one at random each time. */
function drawOne(locations: readonly number[], random: Random): number {
  return locations[random.integer(locations.length)];
}

/** A cell's mask within a box, resampled as RoIAlign does: the mean of four bilinear samples a bin. */
export function maskTarget(cell: Instance, box: Boxes, target: Float32Array): void {
  const stepX = (box[2] - box[0]) / MASK_SIZE;
  const stepY = (box[3] - box[1]) / MASK_SIZE;
  for (let v = 0, at = 0; v < MASK_SIZE; v++) {
    for (let u = 0; u < MASK_SIZE; u++, at++) {
      let sum = 0;
      for (let s = 0; s < 4; s++) {
        const x = box[0] + (u + 0.25 + 0.5 * (s % 2)) * stepX - cell.x;
        const y = box[1] + (v + 0.25 + 0.5 * (s >> 1)) * stepY - cell.y;
        sum += maskAt(cell, x - 0.5, y - 0.5);
      }
      target[at] = sum / 4;
    }
  }
}

function maskAt({ width, height, mask }: Instance, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const pixel = (px: number, py: number) =>
    px >= 0 && py >= 0 && px < width && py < height ? mask[py * width + px] : 0;
  const upper = pixel(left, top) + (pixel(left + 1, top) - pixel(left, top)) * (x - left);
  const lower = pixel(left, top + 1) + (pixel(left + 1, top + 1) - pixel(left, top + 1)) * (x - left);
  return upper + (lower - upper) * (y - top);
}
