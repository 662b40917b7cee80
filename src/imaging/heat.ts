import { percentile } from './percentile.js';
import type { LabelImage, Plane, RgbImage } from './plane.js';

/** A coarse map over a part of an image. */
export interface HeatMap {
  /** The part, in pixels of the image; it may reach beyond it. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The map's own size. */
  readonly columns: number;
  readonly rows: number;
  /** Row by row, in [0, 1]. */
  readonly data: Float32Array;
}

/** The map's value at a position in pixels of the image (a pixel's centre is at .5): linear between its own pixels' centres. */
export function heatAt(map: HeatMap, x: number, y: number): number {
  const { columns, rows, data } = map;
  const u = clamp(((x - map.left) / map.width) * columns - 0.5, columns - 1);
  const v = clamp(((y - map.top) / map.height) * rows - 0.5, rows - 1);
  const left = Math.min(columns - 1, Math.floor(u));
  const above = Math.min(rows - 1, Math.floor(v));
  const right = Math.min(columns - 1, left + 1);
  const below = Math.min(rows - 1, above + 1);
  const across = (row: number) =>
    data[row * columns + left] * (1 - (u - left)) + data[row * columns + right] * (u - left);
  return across(above) * (1 - (v - above)) + across(below) * (v - above);
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

/** Heat is drawn in this colour over grey. */
const HEAT = [255, 80, 0] as const;
const MOST_COVER = 0.75;

/** Grey with heat over it: the colour at a pixel of brightness `grey` (0 to 255) and heat in [0, 1]. */
export function heatColour(grey: number, heat: number): [number, number, number] {
  const cover = MOST_COVER * heat;
  const mix = (colour: number) => Math.round(grey * (1 - cover) + colour * cover);
  return [mix(HEAT[0]), mix(HEAT[1]), mix(HEAT[2])];
}

/**
 * A plane in grey (stretched from its 1st to its 99.7th percentile) with each label's map laid over the label's pixels; labels
 * without a map stay grey.
 */
export function renderHeat(plane: Plane, labels: LabelImage, maps: ReadonlyMap<number, HeatMap>): RgbImage {
  const { width, height } = plane;
  const low = percentile(plane, 1);
  const scale = 255 / Math.max(1e-9, percentile(plane, 99.7) - low);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const grey = clamp((plane.data[i] - low) * scale, 255);
      const map = maps.get(labels.data[i]);
      data.set(heatColour(grey, map === undefined ? 0 : heatAt(map, x + 0.5, y + 0.5)), 3 * i);
    }
  }
  return { width, height, data };
}
