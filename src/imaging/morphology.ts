import { erodeBits, invertBits, packBits, unpackBits } from './bit-rows.js';
import { distanceTransform } from './distance.js';
import { maskWhere } from './mask.js';

/** Below this the disk is laid on bit by bit; the distance transform costs the same for any radius. */
const LARGE_RADIUS_PX = 16;

/**
 * Pixels whose whole disk of radius `radiusPx` (centres within that distance) lies in the mask; beyond the image's
 * border everything counts as mask.
 * @param mask width x height, 0 = background; the result holds 0 and 1
 */
export function erodeDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  if (radiusPx < LARGE_RADIUS_PX) return unpackBits(erodeBits(packBits(mask, width, height), radiusPx));
  const distances = distanceTransform(mask, width, height);
  return maskWhere(distances.length, (i) => distances[i] > radiusPx);
}

/** Pixels within `radiusPx` of a set pixel (centre to centre). */
export function dilateDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  if (radiusPx < LARGE_RADIUS_PX)
    return unpackBits(erodeBits(packBits(mask, width, height, true), radiusPx), true);
  const inverse = maskWhere(mask.length, (i) => mask[i] === 0);
  const distances = distanceTransform(inverse, width, height);
  return maskWhere(distances.length, (i) => distances[i] <= radiusPx);
}

/** Erosion, then dilation: removes what a disk of that radius does not fit into. */
export function openDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  if (radiusPx < LARGE_RADIUS_PX) {
    const outside = invertBits(erodeBits(packBits(mask, width, height), radiusPx));
    return unpackBits(erodeBits(outside, radiusPx), true);
  }
  return dilateDisk(erodeDisk(mask, width, height, radiusPx), width, height, radiusPx);
}

/** Dilation, then erosion: closes gaps that a disk of that radius does not fit into. */
export function closeDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  return erodeDisk(dilateDisk(mask, width, height, radiusPx), width, height, radiusPx);
}
