import {
  distanceTransform,
  type FloatPlane,
  fillHoles,
  type LabelImage,
  maskWhere,
  smoothLabels,
  watershed,
} from '../imaging/index.js';
import type { SegmenterMaps } from '../networks/index.js';

/** Least `inside` of a cell's pixel. */
const INSIDE_THRESHOLD = 0.5;
/** Gaps in the cells below this are filled. */
const MAX_HOLE_UM2 = 30;
/** Smoothing of the finished outlines. */
const OUTLINE_SMOOTHING_UM = 0.8;
/** What a border of certainty 1 adds to the flood's cost, where the distance map adds 0 to 1. */
const BORDER_COST = 2;
/** Cost of a um from the nearest nucleus: shares out what the maps leave open. */
const DISTANCE_COST_PER_UM = 0.01;

/**
 * Cells grown from their nuclei, bearing the nuclei's numbers: a seeded watershed within what the network calls inside. The
 * flood is cheap in a cell's middle and dear at predicted borders.
 */
export function cellsFromMaps(maps: SegmenterMaps, nuclei: LabelImage, pixelSizeUm: number): LabelImage {
  const { inside, border, distance } = maps;
  const { width, height } = nuclei;
  const found = maskWhere(
    inside.data.length,
    (i) => inside.data[i] > INSIDE_THRESHOLD || nuclei.data[i] !== 0,
  );
  const mask = fillHoles(found, width, height, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  const outside = maskWhere(mask.length, (i) => nuclei.data[i] === 0);
  const fromNucleus = distanceTransform(outside, width, height);
  const cost: FloatPlane = { width, height, bitDepth: 32, data: new Float32Array(mask.length) };
  for (let i = 0; i < mask.length; i++) {
    cost.data[i] =
      BORDER_COST * (border?.data[i] ?? 0) +
      (distance ? 1 - distance.data[i] : 1 - inside.data[i]) +
      // Without any nucleus all distances are Infinity, and there is nothing to share out.
      DISTANCE_COST_PER_UM * pixelSizeUm * Math.min(fromNucleus[i], width + height);
  }
  return smoothLabels(watershed(cost, nuclei, mask), width, height, OUTLINE_SMOOTHING_UM / pixelSizeUm);
}
