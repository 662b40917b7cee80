import { type Channel, DISPLAY_COLOURS, type RgbImage } from '../imaging/index.js';

/**
 * A crop (channels x sizePx x sizePx values in [0, 1], as `cutCrop` makes them) as a picture, channels added in their
 * colours.
 * @param shown which of the crop's channels @default all
 */
export function cropPicture(
  crop: Float32Array,
  channels: readonly Channel[],
  sizePx: number,
  shown: readonly Channel[] = channels,
): RgbImage {
  const data = new Uint8Array(3 * sizePx ** 2);
  for (const [at, channel] of channels.entries()) {
    if (!shown.includes(channel)) continue;
    const plane = crop.subarray(at * sizePx ** 2, (at + 1) * sizePx ** 2);
    const colour = DISPLAY_COLOURS[channel];
    for (let i = 0; i < plane.length; i++) {
      for (let part = 0; part < 3; part++) {
        data[3 * i + part] = Math.min(255, Math.round(data[3 * i + part] + plane[i] * colour[part]));
      }
    }
  }
  return { width: sizePx, height: sizePx, data };
}
