import {
  type FloatPlane,
  gaussianBlur,
  otsuThreshold,
  type Plane,
  percentile,
  resizeArea,
} from '../imaging/index.js';

/** Blur of the working planes: about the microscope's own, so it costs no outline. */
const SMOOTHING_UM = 0.5;
/** Share of the pixels taken to be darker than anything stained. */
const BACKGROUND_PERCENT = 1;

/**
 * A channel as the segmenter looks at it, at the working size: background subtracted, scaled so that the typical
 * stained pixel (the median above Otsu's threshold) is 1, then its square root, then smoothed. The root brings dim and
 * bright cells closer and evens out the photon noise; rooting before smoothing keeps thin dim filaments, which
 * smoothing first would drown. Null where all pixels are equal.
 */
export function channelSignal(
  plane: Plane,
  width: number,
  height: number,
  pixelSizeUm: number,
): FloatPlane | null {
  const small = resizeArea(plane, width, height);
  const { data } = small;
  const threshold = otsuThreshold(data);
  const stained = data.filter((value) => value > threshold);
  if (stained.length === 0) return null;
  const background = percentile(small, BACKGROUND_PERCENT);
  const typical = percentile({ width: stained.length, height: 1, bitDepth: 32, data: stained }, 50);
  const scale = 1 / (typical - background);
  if (!Number.isFinite(scale)) return null;
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(Math.max(0, data[i] - background) * scale);
  return gaussianBlur(small, SMOOTHING_UM / pixelSizeUm);
}

/** How many standard deviations of what lies below the threshold the mean above it lies higher. */
export function contrast(values: Float32Array, threshold: number): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let sumAbove = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value > threshold) {
      sumAbove += value;
    } else {
      count++;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / count;
  const sd = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return (sumAbove / (values.length - count) - mean) / sd;
}
