import {
  type FieldOfView,
  type FloatPlane,
  gaussianBlur,
  otsuThreshold,
  type Plane,
  percentile,
  resizeArea,
} from '../imaging/index.js';

/** Blur of the working planes: about the microscope's own, so it costs no outline. */
const SMOOTHING_UM = 0.5;
/** Share of the pixels, once smoothed, taken to be darker than anything stained. */
const BACKGROUND_PERCENT = 1;
/** Share of the pixels, once smoothed, in which the noise of the background is measured. */
const DARK_PERCENT = 5;
/**
 * What smoothed, rooted, clipped Gaussian noise of standard deviation 1 hardly ever exceeds (its mean 0.61 and three times its
 * standard deviation after smoothing, 0.1).
 */
const ROOTED_NOISE = 0.9;

/** Mean of the signals of microtubules and ER, at the working size: the cytoplasm. Null where both are missing or empty. */
export function cytoplasmSignal(
  { channels }: Pick<FieldOfView, 'channels'>,
  width: number,
  height: number,
  pixelSizeUm: number,
): FloatPlane | null {
  const signals = [channels.microtubules, channels.er].flatMap(
    (plane) => (plane && channelSignal(plane, width, height, pixelSizeUm)) ?? [],
  );
  if (signals.length === 0) return null;
  const data = new Float32Array(width * height);
  for (const signal of signals) {
    for (let i = 0; i < data.length; i++) data[i] += signal.data[i] / signals.length;
  }
  return { ...signals[0], data };
}

/**
 * A channel as the segmenter looks at it, at the working size: background subtracted, scaled so that the typical
 * stained pixel (the median above Otsu's threshold) is 1, then its square root, then smoothed, then less what the
 * background's noise amounts to. The root brings dim and bright cells closer and evens out the photon noise; rooting
 * before smoothing keeps thin dim filaments, which smoothing first would drown. Null where all pixels are equal.
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
  const stained = valuesAbove(data, threshold);
  if (stained.length === 0) return null;
  const smooth = gaussianBlur(small, SMOOTHING_UM / pixelSizeUm);
  const background = percentile(smooth, BACKGROUND_PERCENT);
  const typical = percentile({ width: stained.length, height: 1, bitDepth: 32, data: stained }, 50);
  const scale = 1 / (typical - background);
  if (!Number.isFinite(scale)) return null;
  const noise = ROOTED_NOISE * Math.sqrt(darkNoise(small, smooth) * scale);
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(Math.max(0, data[i] - background) * scale);
  const signal = gaussianBlur(small, SMOOTHING_UM / pixelSizeUm);
  for (let i = 0; i < data.length; i++) signal.data[i] = Math.max(0, signal.data[i] - noise);
  return signal;
}

function valuesAbove(values: Float32Array, threshold: number): Float32Array {
  const above = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > threshold) above[count++] = values[i];
  return above.subarray(0, count);
}

/** Standard deviation of the pixels around their smoothed values where these are darkest. */
function darkNoise(plane: FloatPlane, smooth: FloatPlane): number {
  const limit = percentile(smooth, DARK_PERCENT);
  let count = 0;
  let squares = 0;
  for (let i = 0; i < plane.data.length; i++) {
    if (smooth.data[i] > limit) continue;
    count++;
    squares += (plane.data[i] - smooth.data[i]) ** 2;
  }
  return Math.sqrt(squares / count);
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
