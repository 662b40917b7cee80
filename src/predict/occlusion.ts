import type { Classifier } from '../networks/index.js';

/** Windows along each side of a crop. */
export const OCCLUSION_GRID = 8;

/**
 * Where in a crop a location's score comes from: each part of the crop is blackened in turn, and the fall of the score is noted
 * (occlusion sensitivity: Zeiler & Fergus 2014, section 2.1). It needs nothing of the network but its answers.
 *
 * @param crop channels x sizePx x sizePx, as `cutCrop` makes it
 * @returns `OCCLUSION_GRID` squared values, row by row: positive where the part speaks for the location
 */
export async function occlusionMap(
  classifier: Classifier,
  crop: Float32Array,
  location: number,
): Promise<Float32Array> {
  const { channels, sizePx } = classifier.metadata.crop;
  const parts = OCCLUSION_GRID ** 2;
  const windowPx = Math.ceil(sizePx / OCCLUSION_GRID);
  const crops = new Float32Array((parts + 1) * crop.length);
  crops.set(crop, parts * crop.length);
  for (let part = 0; part < parts; part++) {
    const at = part * crop.length;
    crops.set(crop, at);
    const left = (part % OCCLUSION_GRID) * windowPx;
    const top = Math.floor(part / OCCLUSION_GRID) * windowPx;
    const right = Math.min(sizePx, left + windowPx);
    for (let c = 0; c < channels.length; c++) {
      for (let y = top; y < Math.min(sizePx, top + windowPx); y++) {
        const row = at + (c * sizePx + y) * sizePx;
        crops.fill(0, row + left, row + right);
      }
    }
  }
  const scores = await classifier.classify(crops, parts + 1);
  const classes = scores.length / (parts + 1);
  const whole = scores[parts * classes + location];
  return Float32Array.from({ length: parts }, (_, part) => whole - scores[part * classes + location]);
}
