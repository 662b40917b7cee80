import type { Box, LabelImage } from './plane.js';

/** Where a label lies and how many pixels bear it. */
export interface Region {
  readonly label: number;
  readonly box: Box;
  readonly areaPx: number;
  /** Whether a pixel of it lies in the image's first or last row or column. */
  readonly touchesEdge: boolean;
}

/** Every label above 0 of the image, ascending. A label's pixels need not be connected. */
export function measureRegions(labels: LabelImage): Region[] {
  const { width, height, data } = labels;
  const found = new Map<
    number,
    { left: number; top: number; right: number; bottom: number; areaPx: number }
  >();
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; ) {
      const label = data[row + x];
      let end = x + 1;
      while (end < width && data[row + end] === label) end++;
      if (label > 0) {
        const region = found.get(label);
        if (region) {
          region.left = Math.min(region.left, x);
          region.right = Math.max(region.right, end);
          region.bottom = y + 1;
          region.areaPx += end - x;
        } else {
          found.set(label, { left: x, top: y, right: end, bottom: y + 1, areaPx: end - x });
        }
      }
      x = end;
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([label, { left, top, right, bottom, areaPx }]) => ({
      label,
      box: { x: left, y: top, width: right - left, height: bottom - top },
      areaPx,
      touchesEdge: left === 0 || top === 0 || right === width || bottom === height,
    }));
}

/** Diameter of a disk of the labels' median area, in pixels; null where there is no label. */
export function medianDiameterPx(labels: LabelImage): number | null {
  const areasPx = measureRegions(labels)
    .map(({ areaPx }) => areaPx)
    .sort((a, b) => a - b);
  if (areasPx.length === 0) return null;
  return 2 * Math.sqrt(areasPx[areasPx.length >> 1] / Math.PI);
}
