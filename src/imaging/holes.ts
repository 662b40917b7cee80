import { labelComponents } from './components.js';

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
  const size = mask.length;
  const inverse = new Uint8Array(size);
  for (let i = 0; i < size; i++) inverse[i] = mask[i] === 0 ? 1 : 0;
  const background = labelComponents(inverse, width, height, 4).data;
  const areasPx = countLabels(background);
  // A region at the border is no hole: as if it were too large.
  const open = (i: number) => {
    areasPx[background[i]] = Number.POSITIVE_INFINITY;
  };
  for (let x = 0; x < width; x++) {
    open(x);
    open(size - 1 - x);
  }
  for (let i = 0; i < size; i += width) {
    open(i);
    open(i + width - 1);
  }
  const filled = inverse;
  for (let i = 0; i < size; i++) {
    const region = background[i];
    filled[i] = region === 0 || (areasPx[region] <= maxAreaPx && areasPx[region] < size) ? 1 : 0;
  }
  return filled;
}

/** Number of pixels of each label from 0 to the greatest. */
function countLabels(labels: Int32Array): Float64Array {
  let greatest = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] > greatest) greatest = labels[i];
  const counts = new Float64Array(greatest + 1);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}
