import { exp } from '../common/index.js';
import type { Box } from '../imaging/index.js';

/** Adds `weight` at (x, y), shared among the four nearest pixels so that lines have no steps. Outside is ignored. */
export function splat(plane: Float32Array, box: Box, x: number, y: number, weight: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left >= box.width - 1 || top >= box.height - 1) return;
  const u = x - left;
  const v = y - top;
  const i = top * box.width + left;
  plane[i] += weight * (1 - u) * (1 - v);
  plane[i + 1] += weight * u * (1 - v);
  plane[i + box.width] += weight * (1 - u) * v;
  plane[i + box.width + 1] += weight * u * v;
}

/** Adds a round Gaussian spot of the given height. Below a third of a px its height falls so that its light stays. */
export function addSpot(
  plane: Float32Array,
  box: Box,
  x: number,
  y: number,
  sigmaPx: number,
  height: number,
): void {
  const sigma = Math.max(sigmaPx, 0.4);
  const peak = height * Math.min(1, (sigmaPx * sigmaPx) / (sigma * sigma));
  const reach = 3 * sigma;
  const left = Math.max(0, Math.ceil(x - reach));
  const right = Math.min(box.width - 1, Math.floor(x + reach));
  const top = Math.max(0, Math.ceil(y - reach));
  const bottom = Math.min(box.height - 1, Math.floor(y + reach));
  if (left > right || top > bottom) return;
  // A Gaussian of the distance is one of dx times one of dy.
  const scale = -1 / (2 * sigma * sigma);
  const across = new Float64Array(right - left + 1);
  for (let k = 0; k < across.length; k++) across[k] = exp((left + k - x) * (left + k - x) * scale);
  for (let row = top; row <= bottom; row++) {
    const down = peak * exp((row - y) * (row - y) * scale);
    for (let k = 0, i = row * box.width + left; k < across.length; k++, i++) plane[i] += down * across[k];
  }
}

/** Adds a ring (a vesicle whose membrane is stained) of the given radius and line width. */
export function addRing(
  plane: Float32Array,
  box: Box,
  x: number,
  y: number,
  radiusPx: number,
  lineSigmaPx: number,
  height: number,
): void {
  const reach = radiusPx + 3 * lineSigmaPx;
  const scale = -1 / (2 * lineSigmaPx * lineSigmaPx);
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(box.height - 1, y + reach); row++) {
    for (
      let column = Math.max(0, Math.ceil(x - reach));
      column <= Math.min(box.width - 1, x + reach);
      column++
    ) {
      const dx = column - x;
      const dy = row - y;
      const off = Math.sqrt(dx * dx + dy * dy) - radiusPx;
      plane[row * box.width + column] += height * exp(off * off * scale);
    }
  }
}

/**
 * Scales the plane in place so that the given percentile of its lit pixels is 1, and returns it: patterns of any make
 * come out comparably bright. A plane without light stays dark.
 */
export function normaliseLight(plane: Float32Array, percentile = 90): Float32Array {
  let peak = 0;
  for (let i = 0; i < plane.length; i++) if (plane[i] > peak) peak = plane[i];
  if (peak === 0) return plane;
  const bins = new Uint32Array(512);
  const floor = peak * 0.02;
  let lit = 0;
  for (let i = 0; i < plane.length; i++) {
    if (plane[i] <= floor) continue;
    lit++;
    bins[Math.min(511, Math.floor((plane[i] / peak) * 512))]++;
  }
  let left = lit * (percentile / 100);
  let bin = 0;
  while (bin < 511 && left > bins[bin]) left -= bins[bin++];
  const scale = 1 / (((bin + 1) / 512) * peak);
  for (let i = 0; i < plane.length; i++) plane[i] *= scale;
  return plane;
}

/** Sets the plane to 0 where the mask is 0. */
export function clipTo(plane: Float32Array, mask: Uint8Array): Float32Array {
  for (let i = 0; i < plane.length; i++) if (mask[i] === 0) plane[i] = 0;
  return plane;
}
