import type { FloatPlane, LabelImage } from '../imaging/index.js';
import type { TouchingNuclei } from './policies.js';

/** Lobes whose neck is narrower than this part of the smaller one's width are nuclei of their own, whatever lies between. */
const CERTAIN_NECK = 0.5;
/** Lobes whose neck is wider than this are bumps of one nucleus. */
export const WIDEST_NECK = 0.85;
/**
 * Between these, the cytoplasm decides: where its signal along the common border is so many times that inside the nuclei,
 * cytoplasm lies between them, and two cells. Lobes of one nucleus and nuclei that share a cell measure 0.7 to 1.1 on
 * the real fields at hand, touching nuclei of two cells 1.3 to 2.7.
 */
const CYTOPLASM_BETWEEN = 1.2;
/** The neck that decides where no channel shows the cytoplasm. */
const NECK_WITHOUT_CYTOPLASM = 0.6;
/** The neck that decides where touching nuclei are to be split, whatever lies between. */
const NECK_TO_SPLIT = 0.75;

interface Border {
  readonly pair: readonly [number, number];
  pixels: number;
  /** Sum of the cytoplasm's signal along the border. */
  signal: number;
  /** Half the neck's width. */
  saddlePx: number;
}

/**
 * Joins lobes that belong to one nucleus or share a cell.
 * @param lobes regions that `splitLobes` made of `distance`, numbered 1 to n
 * @param distance distance from the nuclei's outline, in pixels
 */
export function joinLobes(
  lobes: LabelImage,
  distance: FloatPlane,
  cytoplasm: FloatPlane | null,
  touchingNuclei: TouchingNuclei,
): LabelImage {
  let count = 0;
  for (let i = 0; i < lobes.data.length; i++) if (lobes.data[i] > count) count = lobes.data[i];
  const peaksPx = new Float64Array(count + 1);
  const areasPx = new Float64Array(count + 1);
  const signals = new Float64Array(count + 1);
  for (let i = 0; i < lobes.data.length; i++) {
    const label = lobes.data[i];
    peaksPx[label] = Math.max(peaksPx[label], distance.data[i]);
    areasPx[label]++;
    if (cytoplasm) signals[label] += cytoplasm.data[i];
  }
  const parents = Int32Array.from(areasPx, (_, label) => label);
  const root = (label: number): number => (parents[label] === label ? label : root(parents[label]));
  for (const { pair, pixels, signal, saddlePx } of findBorders(lobes, distance, cytoplasm)) {
    const [a, b] = pair;
    const neck = saddlePx / Math.min(peaksPx[a], peaksPx[b]);
    const between = signal / pixels / Math.max(signals[a] / areasPx[a], signals[b] / areasPx[b]);
    const apart =
      (touchingNuclei === 'split' && neck < NECK_TO_SPLIT) ||
      (cytoplasm
        ? neck < CERTAIN_NECK || (neck < WIDEST_NECK && between > CYTOPLASM_BETWEEN)
        : neck < NECK_WITHOUT_CYTOPLASM);
    if (!apart) parents[Math.max(root(a), root(b))] = Math.min(root(a), root(b));
  }
  const roots = parents.map(root);
  const data = new Int32Array(lobes.data.length);
  for (let i = 0; i < data.length; i++) data[i] = roots[lobes.data[i]];
  return { ...lobes, data };
}

function findBorders(lobes: LabelImage, distance: FloatPlane, cytoplasm: FloatPlane | null): Border[] {
  const { width, height, data } = lobes;
  const borders = new Map<string, Border>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      for (const j of [x + 1 < width ? i + 1 : i, y + 1 < height ? i + width : i]) {
        if (data[j] === 0 || data[j] === data[i]) continue;
        const pair = [Math.min(data[i], data[j]), Math.max(data[i], data[j])] as const;
        const key = pair.join();
        const border = borders.get(key) ?? { pair, pixels: 0, signal: 0, saddlePx: 0 };
        border.pixels++;
        border.signal += cytoplasm ? cytoplasm.data[i] : 0;
        border.saddlePx = Math.max(border.saddlePx, Math.min(distance.data[i], distance.data[j]));
        borders.set(key, border);
      }
    }
  }
  return [...borders.values()];
}
