import type { Plane } from '../imaging/index.js';

/** Half sides of the squares, in px. */
export const GRAIN_PX = [1, 2, 3, 4, 6, 8] as const;

/** The middle square of a plane that is measured: enough grains, and a quarter of the time for 512 px. */
const MEASURED_PX = 256;

/**
 * Granularity (Serra 1982, pattern spectrum): the share of a plane's light that lies in bright structures narrower than
 * 2 r + 1 px but not than the step before, for each r of `GRAIN_PX`; grey openings by squares,
 * on the middle `MEASURED_PX` square.
 * @returns null for a dark plane
 */
export function granularity(whole: Plane): number[] | null {
  const plane = middleOf(whole);
  const total = sum(plane.data);
  if (total === 0) return null;
  let before = total;
  return GRAIN_PX.map((radius) => {
    const left = sum(opened(plane, radius));
    const share = (before - left) / total;
    before = left;
    return share;
  });
}

function middleOf(plane: Plane): Plane {
  const width = Math.min(MEASURED_PX, plane.width);
  const height = Math.min(MEASURED_PX, plane.height);
  const left = (plane.width - width) >> 1;
  const top = (plane.height - height) >> 1;
  const data = Float32Array.from(
    { length: width * height },
    (_, i) => plane.data[(top + Math.floor(i / width)) * plane.width + left + (i % width)],
  );
  return { width, height, bitDepth: 32, data };
}

function opened({ width, height, data }: Plane, radius: number): Float32Array {
  const eroded = slide(Float32Array.from(data), width, height, radius, Math.min);
  return slide(eroded, width, height, radius, Math.max);
}

/** Least or greatest value within `radius` along both axes; pixels beyond the border do not count. */
function slide(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
  pick: (a: number, b: number) => number,
): Float32Array {
  const across = new Float32Array(values.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let found = values[i];
      const to = Math.min(width - 1 - x, radius);
      for (let step = -Math.min(x, radius); step <= to; step++) found = pick(found, values[i + step]);
      across[i] = found;
    }
  }
  const out = new Float32Array(values.length);
  for (let y = 0, i = 0; y < height; y++) {
    const from = -Math.min(y, radius);
    const to = Math.min(height - 1 - y, radius);
    for (let x = 0; x < width; x++, i++) {
      let found = across[i];
      for (let step = from; step <= to; step++) found = pick(found, across[i + step * width]);
      out[i] = found;
    }
  }
  return out;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
