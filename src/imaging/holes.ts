import { findRuns } from './components.js';
import { maskWhere } from './mask.js';

/**
 * The mask with its holes set: regions of background (4-connected) that do not reach the image's border and have at
 * most `maxAreaPx` pixels.
 * @param mask width x height, 0 = background; the result holds 0 and 1
 */
export function fillHoles(
  mask: Uint8Array,
  width: number,
  height: number,
  maxAreaPx = Number.POSITIVE_INFINITY,
): Uint8Array {
  const { starts, ends, roots } = findRuns(mask, width, height, 4, true);
  const areasPx = new Float64Array(starts.length);
  for (let run = 0; run < starts.length; run++) {
    const [start, end] = [starts[run], ends[run]];
    const inside = start >= width && end <= mask.length - width && start % width !== 0 && end % width !== 0;
    // A region at the border is no hole: as if it were too large.
    areasPx[roots[run]] += inside ? end - start : Number.POSITIVE_INFINITY;
  }
  const filled = maskWhere(mask.length, (i) => mask[i] !== 0);
  for (let run = 0; run < starts.length; run++) {
    const areaPx = areasPx[roots[run]];
    if (areaPx <= maxAreaPx && areaPx < mask.length) filled.fill(1, starts[run], ends[run]);
  }
  return filled;
}
