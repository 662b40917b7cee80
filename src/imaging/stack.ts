import { type FieldOfView, fullScale, type Plane, type RgbImage } from './plane.js';

/**
 * Microtubules as red, protein as green, nuclei as blue, each at 8 bits of its own full scale: intensities as they are,
 * unlike `renderOverlay`'s, so that what reads the picture can measure in it. ER is not shown.
 */
export function stackRgb({ width, height, channels }: FieldOfView): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (const [at, plane] of [channels.microtubules, channels.protein, channels.nuclei].entries()) {
    addPlane(data, plane, at);
  }
  return { width, height, data };
}

function addPlane(target: Uint8Array, plane: Plane, at: number): void {
  const scale = 255 / fullScale(plane);
  const { data } = plane;
  for (let i = 0, o = at; i < data.length; i++, o += 3) {
    target[o] = Math.round(Math.min(255, Math.max(0, data[i] * scale)));
  }
}
