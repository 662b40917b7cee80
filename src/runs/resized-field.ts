import { type FieldOfView, fullScale, type Plane, resizeArea, scaledSize } from '../imaging/index.js';

/** The field at another pixel size, 8 bit; the field itself where it has that size already. */
export function resizeField(field: FieldOfView, pixelSizeUm: number): FieldOfView {
  const scale = field.pixelSizeUm / pixelSizeUm;
  if (Math.abs(scale - 1) < 0.01 && field.channels.protein.bitDepth === 8) return field;
  const { width, height } = scaledSize(field, scale);
  const { microtubules, protein, nuclei, er } = field.channels;
  const resize = (plane: Plane) => toBytes(resizeArea(plane, width, height));
  return {
    ...field,
    width,
    height,
    pixelSizeUm,
    channels: {
      microtubules: resize(microtubules),
      protein: resize(protein),
      nuclei: resize(nuclei),
      er: er === null ? null : resize(er),
    },
  };
}

function toBytes(plane: Plane): Plane {
  const scale = 255 / fullScale(plane);
  const data = Uint8Array.from(plane.data, (value) => Math.round(value * scale));
  return { width: plane.width, height: plane.height, bitDepth: 8, data };
}
