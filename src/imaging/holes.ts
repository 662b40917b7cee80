import { labelComponents } from './components.js';
import { maskWhere } from './mask.js';
import { measureRegions } from './regions.js';

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
  const background = labelComponents(
    maskWhere(mask.length, (i) => mask[i] === 0),
    width,
    height,
    4,
  );
  const regions = measureRegions(background);
  const isHole = new Uint8Array(regions.length + 1);
  for (const { label, touchesEdge, areaPx } of regions)
    isHole[label] = touchesEdge || areaPx > maxAreaPx ? 0 : 1;
  return maskWhere(mask.length, (i) => mask[i] !== 0 || isHole[background.data[i]] === 1);
}
