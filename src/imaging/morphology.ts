import { distanceTransform } from './distance.js';
import { maskWhere } from './mask.js';

/**
 * Pixels whose whole disk of radius `radiusPx` (centres within that distance) lies in the mask; beyond the image's
 * border everything counts as mask. Done by the exact distance transform, so any radius costs the same.
 * @param mask width x height, 0 = background; the result holds 0 and 1
 */
export function erodeDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  const distances = distanceTransform(mask, width, height);
  return maskWhere(distances.length, (i) => distances[i] > radiusPx);
}

/** Pixels within `radiusPx` of a set pixel (centre to centre). */
export function dilateDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  const inverse = maskWhere(mask.length, (i) => mask[i] === 0);
  const distances = distanceTransform(inverse, width, height);
  return maskWhere(distances.length, (i) => distances[i] <= radiusPx);
}

/** Erosion, then dilation: removes what a disk of that radius does not fit into. */
export function openDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  return dilateDisk(erodeDisk(mask, width, height, radiusPx), width, height, radiusPx);
}

/** Dilation, then erosion: closes gaps that a disk of that radius does not fit into. */
export function closeDisk(mask: Uint8Array, width: number, height: number, radiusPx: number): Uint8Array {
  return erodeDisk(dilateDisk(mask, width, height, radiusPx), width, height, radiusPx);
}
