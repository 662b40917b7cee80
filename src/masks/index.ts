/** Ground layer for masks: run lengths, areas, boxes, overlaps, COCO's counts string, the submission's. Platform-neutral. */
export { cropRle, rleDifference, rleOverlap, rleUnion } from './combine.js';
export { countsFromString, countsToString } from './counts-string.js';
export { boxesOverlap, rleArea, rleBox, rleIntersection, rleIou } from './measure.js';
export { type Outline, type Ring, traceOutlines } from './outlines.js';
export { decodeMask, encodeLabelImage, encodeMask, paintMask, type Rle } from './rle.js';
export { decodeSubmissionMask, encodeSubmissionMask } from './submission-mask.js';
