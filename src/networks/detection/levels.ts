import type { Boxes } from './boxes.js';

/** Side of a region that is looked at on the level of stride 16 (Lin et al. 2017, equation 1: ImageNet's 224). */
const CANONICAL_SIDE_PX = 224;
const CANONICAL_STRIDE = 16;

/**
 * Each region's level as a row of 0 and 1 [R, levels]: floor(4 + log2(side / canonical)) where level 4 has stride 16
 * (Lin et al. 2017), held within the levels there are.
 * @param canonicalSidePx @default 224, as in the paper
 */
export function chooseLevels(
  regions: Boxes,
  strides: readonly number[],
  canonicalSidePx = CANONICAL_SIDE_PX,
): Float32Array {
  const rows = new Float32Array((regions.length / 4) * strides.length);
  const middle = Math.log2(CANONICAL_STRIDE / strides[0]);
  for (let i = 0; i < regions.length / 4; i++) {
    const area = (regions[4 * i + 2] - regions[4 * i]) * (regions[4 * i + 3] - regions[4 * i + 1]);
    // The small number is torchvision's: a side of a power of two must not fall below its level by rounding.
    const level = Math.floor(middle + Math.log2(Math.sqrt(area) / canonicalSidePx) + 1e-6);
    rows[i * strides.length + Math.min(strides.length - 1, Math.max(0, level))] = 1;
  }
  return rows;
}
