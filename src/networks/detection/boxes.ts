/** Boxes as flat lists, their overlaps, and their coding relative to other boxes. */

/** Boxes one after the other: left, top, right, bottom, in pixels of the network's input; pixel i spans i to i + 1. */
export type Boxes = Float32Array;

/** Factors of the four coded numbers: of the region proposals, and of the boxes (Fast R-CNN's; torchvision, Detectron2). */
export const PROPOSAL_CODING = [1, 1, 1, 1] as const;
export const BOX_CODING = [10, 10, 5, 5] as const;
export type BoxCoding = readonly [number, number, number, number];

/** Largest coded change of size, before `exp` (torchvision, Detectron2): 62.5 times. */
const MOST_LOG_SIZE = Math.log(1000 / 16);

/** Area of the overlap over area of the union of box i of a and box j of b; 0 where both are empty. */
export function boxIou(a: Boxes, i: number, b: Boxes, j: number): number {
  const p = 4 * i;
  const q = 4 * j;
  const width = Math.min(a[p + 2], b[q + 2]) - Math.max(a[p], b[q]);
  const height = Math.min(a[p + 3], b[q + 3]) - Math.max(a[p + 1], b[q + 1]);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (areaOf(a, p) + areaOf(b, q) - common);
}

function areaOf(boxes: Boxes, at: number): number {
  return (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
}

/**
 * Boxes relative to references of the same number (Girshick et al. 2014, appendix C): shift of the centre in widths and
 * heights, logarithm of the change of size, each times its factor.
 */
export function encodeBoxes(boxes: Boxes, references: Boxes, coding: BoxCoding): Float32Array {
  const codes = new Float32Array(boxes.length);
  for (let at = 0; at < boxes.length; at += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const low = references[at + axis];
      const size = references[at + axis + 2] - low;
      const boxSize = boxes[at + axis + 2] - boxes[at + axis];
      const shift = boxes[at + axis] + boxSize / 2 - (low + size / 2);
      codes[at + axis] = (coding[axis] * shift) / size;
      codes[at + axis + 2] = coding[axis + 2] * Math.log(boxSize / size);
    }
  }
  return codes;
}

/** What `encodeBoxes` coded; sizes grow by 62.5 times at most. */
export function decodeBoxes(codes: Float32Array, references: Boxes, coding: BoxCoding): Boxes {
  const boxes = new Float32Array(codes.length);
  for (let at = 0; at < codes.length; at += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const low = references[at + axis];
      const size = references[at + axis + 2] - low;
      const centre = low + size / 2 + (codes[at + axis] / coding[axis]) * size;
      const grown = size * Math.exp(Math.min(MOST_LOG_SIZE, codes[at + axis + 2] / coding[axis + 2]));
      boxes[at + axis] = centre - grown / 2;
      boxes[at + axis + 2] = centre + grown / 2;
    }
  }
  return boxes;
}

/** The boxes cut off at the border of an image, in place. */
export function clipBoxes(boxes: Boxes, width: number, height: number): Boxes {
  for (let i = 0; i < boxes.length; i++) {
    boxes[i] = Math.min(i % 2 === 0 ? width : height, Math.max(0, boxes[i]));
  }
  return boxes;
}

/** Boxes of the given numbers, one after the other. */
export function takeBoxes(boxes: Boxes, indices: readonly number[]): Boxes {
  const taken = new Float32Array(4 * indices.length);
  indices.forEach((index, i) => {
    taken.set(boxes.subarray(4 * index, 4 * index + 4), 4 * i);
  });
  return taken;
}
