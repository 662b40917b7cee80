/** One channel's pixels, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** 8: Uint8Array, 16: Uint16Array (0 to full scale), 32: Float32Array. */
  readonly bitDepth: 8 | 16 | 32;
  readonly data: Uint8Array | Uint16Array | Float32Array;
}

/** A plane of 32-bit floats: what filters work on. */
export interface FloatPlane extends Plane {
  readonly bitDepth: 32;
  readonly data: Float32Array;
}

/** Pixels in three interleaved 8-bit colours, row by row: what is written as a picture. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** 0 background, k = cell k (or its nucleus); numbers need not be contiguous. */
export interface LabelImage {
  readonly width: number;
  readonly height: number;
  readonly data: Int32Array;
}

/** The channels of a field of view, with the Human Protein Atlas's file names for them. */
export const CHANNELS = ['microtubules', 'protein', 'nuclei', 'er'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One sample: its channels (all of one size) and its scale. */
export interface FieldOfView {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Edge of a pixel in um. */
  readonly pixelSizeUm: number;
  /** `er` is null where the sample has none. */
  readonly channels: {
    readonly microtubules: Plane;
    readonly protein: Plane;
    readonly nuclei: Plane;
    readonly er: Plane | null;
  };
}

/** A box in pixels: left, top, width, height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Label images of cells and nuclei of one field, sharing numbers: nucleus k lies in cell k. */
export interface Segmentation {
  readonly cells: LabelImage;
  readonly nuclei: LabelImage;
}

/** Value of full scale: 255, 65535, or 1 for floats. */
export function fullScale(plane: Plane): number {
  return plane.bitDepth === 8 ? 255 : plane.bitDepth === 16 ? 65535 : 1;
}

/** The plane as floats in [0, 1] of its full scale; float planes are returned as they are. */
export function toFloatPlane(plane: Plane): FloatPlane {
  if (isFloatPlane(plane)) return plane;
  const { width, height, data } = plane;
  const scale = 1 / fullScale(plane);
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = data[i] * scale;
  return { width, height, bitDepth: 32, data: out };
}

function isFloatPlane(plane: Plane): plane is FloatPlane {
  return plane.bitDepth === 32;
}
