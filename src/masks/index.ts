/** Ground layer for masks: run lengths, areas, boxes, overlaps, COCO's encodings and files, the submission's. Platform-neutral. */
export { type CocoCell, cocoAnnotations } from './coco-annotations.js';
export {
  COCO_CATEGORIES,
  type CocoAnnotation,
  type CocoCategory,
  type CocoFile,
  type CocoId,
  type CocoImage,
  type CocoResult,
  cocoLocations,
  parseCocoFile,
  parseCocoResults,
} from './coco-file.js';
export {
  COCO_MASKS,
  type CocoMask,
  type CocoSegmentation,
  fromCocoSegmentation,
  toCocoSegmentation,
} from './coco-segmentation.js';
export { cropRle, rleDifference, rleOverlap, rleUnion } from './combine.js';
export { countsFromString, countsToString } from './counts-string.js';
export {
  boxesOverlap,
  checkSameSize,
  rleArea,
  rleBox,
  rleIntersection,
  rleIou,
} from './measure.js';
export { type Outline, type Ring, traceOutlines } from './outlines.js';
export { outlinePolygon, rasterizePolygon } from './polygon.js';
export { decodeMask, encodeLabelImage, encodeMask, paintMask, type Rle } from './rle.js';
export { type MaskSpans, spanIntersection, spansOfMasks } from './spans.js';
export { decodeSubmissionMask, encodeSubmissionMask } from './submission-mask.js';
