import { ModelError } from '../../common/index.js';
import {
  extractModel,
  type LoadedModel,
  loadModel,
  type Runtime,
  readOnnxMetadata,
} from '../../engine/index.js';
import type { FloatPlane } from '../../imaging/index.js';
import { placeAnchors } from './anchors.js';
import { BOX_CODING, type Boxes, clipBoxes, decodeBoxes, takeBoxes } from './boxes.js';
import { chooseLevels } from './levels.js';
import { type DetectorMetadata, decodeDetectorMetadata } from './metadata.js';
import {
  BOX_REGIONS,
  BOXES_OUTPUT,
  CLASSES_OUTPUT,
  CODES_OUTPUT,
  IMAGE_INPUT,
  MASK_REGIONS,
  MASK_SIZE,
  MASKS_OUTPUT,
  OBJECTNESS_OUTPUT,
  PYRAMID,
  PYRAMID_STRIDES,
} from './model.js';
import { proposeRegions } from './proposals.js';
import { suppress } from './suppression.js';

/** One cell that a detector found. */
export interface Detection {
  /** Left, top, right, bottom in pixels of the planes. */
  readonly box: readonly [number, number, number, number];
  /** How sure it is that there is a cell, in [0, 1]. */
  readonly certainty: number;
  /** How sure it is that there is a cell with protein there, a location each, in [0, 1]: none is above `certainty`. */
  readonly scores: Float32Array;
  /** Rows and columns of `mask`. */
  readonly maskSize: number;
  /** For each bin of the box, how sure it is of the cell, in [0, 1]. */
  readonly mask: Float32Array;
}

export interface Detector {
  /** What its input must be: planes, scale, and how a plane is scaled. */
  readonly metadata: Pick<DetectorMetadata, 'channels' | 'pixelSizeUm' | 'normalisation'>;
  /**
   * The cells of an image, most certain first.
   * @param planes one a channel of `metadata.channels`, normalised, all of one size, which may be any
   */
  detect(planes: readonly FloatPlane[]): Promise<Detection[]>;
  release(): Promise<void>;
}

/** The heads are asked about so many regions at a time. */
const REGIONS_AT_A_TIME = 128;

/**
 * Opens a detector's ONNX file. It runs in three parts, since what is between them (proposals, suppression) is no
 * network: image to maps and proposals, regions to classes and boxes, boxes to masks.
 * @throws ModelError `model-unreadable`, `model-part`, `graph-rejected`, and what `decodeDetectorMetadata` throws
 */
export async function loadDetector(
  runtime: Runtime,
  bytes: Uint8Array,
): Promise<Detector & { readonly metadata: DetectorMetadata }> {
  const metadata = decodeDetectorMetadata(readOnnxMetadata(bytes));
  const { channels, classes, classHead, multiplePx, anchors: plan, canonicalSidePx, detection } = metadata;
  const maps = Object.fromEntries(
    PYRAMID.map((level) => [level, ['batch', `${level}_channels`, `${level}_height`, `${level}_width`]]),
  );
  const heads = (names: typeof BOX_REGIONS) => ({
    ...maps,
    [names.regions]: ['rows', 4],
    [names.images]: ['rows'],
    [names.levels]: ['rows', PYRAMID.length],
  });
  const open = async (inputs: Record<string, (number | string)[]>, outputs: string[]) =>
    loadModel(runtime, extractModel(bytes, inputs, outputs));
  const body = await open({ [IMAGE_INPUT]: ['batch', channels.length, 'height', 'width'] }, [
    OBJECTNESS_OUTPUT,
    CODES_OUTPUT,
    ...PYRAMID,
  ]);
  const boxHead = await open(heads(BOX_REGIONS), [CLASSES_OUTPUT, BOXES_OUTPUT]);
  const maskHead = await open(heads(MASK_REGIONS), [MASKS_OUTPUT]);

  const ask = async (
    head: LoadedModel,
    names: typeof BOX_REGIONS,
    found: Awaited<ReturnType<LoadedModel['run']>>,
    regions: Boxes,
  ): Promise<Record<string, Float32Array>> => {
    const parts: Record<string, number[]> = {};
    const pyramid = Object.fromEntries(PYRAMID.map((level) => [level, found[level]]));
    for (let start = 0; start < regions.length / 4; start += REGIONS_AT_A_TIME) {
      const data = regions.slice(4 * start, 4 * (start + REGIONS_AT_A_TIME));
      const rows = data.length / 4;
      const results = await head.run({
        ...pyramid,
        [names.regions]: { shape: [rows, 4], data },
        [names.images]: { shape: [rows], data: new Float32Array(rows) },
        [names.levels]: {
          shape: [rows, PYRAMID.length],
          data: chooseLevels(data, PYRAMID_STRIDES, canonicalSidePx),
        },
      });
      for (const [name, result] of Object.entries(results)) {
        parts[name] ??= [];
        for (const value of result.data) parts[name].push(value);
      }
    }
    return Object.fromEntries(
      Object.entries(parts).map(([name, values]) => [name, Float32Array.from(values)]),
    );
  };

  return {
    metadata,
    async detect(planes) {
      const { width, height, image } = padImage(planes, channels.length, multiplePx);
      const found = await body.run({
        [IMAGE_INPUT]: { shape: [1, channels.length, height, width], data: image },
      });
      const regions = proposeRegions(
        found[OBJECTNESS_OUTPUT].data,
        found[CODES_OUTPUT].data,
        placeAnchors(plan, width, height),
        plan,
        // Nothing is proposed in the padding.
        { width, height },
        detection,
      );
      if (regions.length === 0) return [];
      const told = await ask(boxHead, BOX_REGIONS, found, regions);
      const { certainties, scores } = readClasses(told[CLASSES_OUTPUT], classes.length, classHead);
      const boxes = clipBoxes(
        decodeBoxes(told[BOXES_OUTPUT], regions, BOX_CODING),
        planes[0].width,
        planes[0].height,
      );
      const kept = suppress(boxes, certainties, detection.cellOverlap)
        .filter((i) => certainties[i] >= detection.leastScore && isLarge(boxes, i))
        .slice(0, detection.cells);
      if (kept.length === 0) return [];
      const cellBoxes = takeBoxes(boxes, kept);
      const logits = (await ask(maskHead, MASK_REGIONS, found, cellBoxes))[MASKS_OUTPUT];
      const size = MASK_SIZE * MASK_SIZE;
      return kept.map((i, k) => ({
        box: Array.from(cellBoxes.subarray(4 * k, 4 * k + 4)) as [number, number, number, number],
        certainty: certainties[i],
        scores: scores[i],
        maskSize: MASK_SIZE,
        mask: logits.slice(k * size, (k + 1) * size).map(logistic),
      }));
    },
    async release() {
      await Promise.all([body, boxHead, maskHead].map((part) => part.release()));
    },
  };
}

/** A cell is at least a pixel wide and high. */
function isLarge(boxes: Boxes, i: number): boolean {
  return boxes[4 * i + 2] - boxes[4 * i] >= 1 && boxes[4 * i + 3] - boxes[4 * i + 1] >= 1;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Certainty and scores behind the class head's logits. The first says `no cell` (softmax), or `a cell` (sigmoid: the others then say
 * where the protein is *if* it is one, and a score is the product).
 */
function readClasses(logits: Float32Array, classes: number, head: DetectorMetadata['classHead']) {
  const width = classes + 1;
  const count = logits.length / width;
  const certainties = new Float32Array(count);
  const scores: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    const row = logits.subarray(i * width, (i + 1) * width);
    const most = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
    const shares = row.map((value) => (head === 'sigmoid' ? logistic(value) : Math.exp(value - most) / sum));
    certainties[i] = head === 'sigmoid' ? shares[0] : 1 - shares[0];
    scores.push(shares.slice(1).map((share) => (head === 'sigmoid' ? shares[0] * share : share)));
  }
  return { certainties, scores };
}

/** The planes in one tensor, padded with 0 at the right and bottom to multiples. */
function padImage(planes: readonly FloatPlane[], channels: number, multiplePx: number) {
  const [first] = planes;
  const fits = planes.every(({ width, height }) => width === first.width && height === first.height);
  if (planes.length !== channels || !fits) {
    throw new ModelError(
      'model-input',
      `the detector needs ${channels} planes of one size, got ${planes.map(({ width, height }) => `${width}x${height}`).join(', ')}`,
    );
  }
  const width = Math.ceil(first.width / multiplePx) * multiplePx;
  const height = Math.ceil(first.height / multiplePx) * multiplePx;
  const image = new Float32Array(channels * width * height);
  planes.forEach((plane, c) => {
    for (let y = 0; y < plane.height; y++) {
      const row = plane.data.subarray(y * plane.width, (y + 1) * plane.width);
      image.set(row, (c * height + y) * width);
    }
  });
  return { width, height, image };
}
