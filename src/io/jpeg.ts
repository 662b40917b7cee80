import sharp from 'sharp';
import type { RgbImage } from '../imaging/index.js';

/** Good enough to look at textures; noise, which fills a micrograph, takes most of a file above it. */
const QUALITY = 72;

/** The bytes of a JPEG file of a picture in 8-bit colours, for looking at only: about a tenth of a noisy picture's PNG file. */
export function encodeRgbJpeg({ width, height, data }: RgbImage): Promise<Uint8Array> {
  // Colours are channels of their own here: each keeps its resolution.
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
