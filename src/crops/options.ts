import type { Channel } from '../imaging/index.js';

/** Whose pixels stay in a crop: all, all but the other cells', or the cell's alone. The rest become 0. */
export const MASKINGS = ['none', 'neighbours', 'full'] as const;
export type Masking = (typeof MASKINGS)[number];

/**
 * Which part of the field fills the crop, always centred on the cell's box.
 *
 * - `stretch`: the box with its margin, each axis scaled by itself.
 * - `pad`: the smallest square around the box with its margin.
 * - `crop`: a square of `sizePx * pixelUm` um; a larger cell is cut off, so every crop has one physical scale.
 * - `fit`: as `crop`, but grown where the cell would be cut off.
 */
export type ResizePolicy =
  | { readonly kind: 'stretch' | 'pad' }
  | { readonly kind: 'crop' | 'fit'; readonly pixelUm: number };

export const RESIZE_KINDS = ['stretch', 'pad', 'crop', 'fit'] as const satisfies ResizePolicy['kind'][];

/**
 * How intensities become [0, 1].
 *
 * - `full-scale`: the fraction of the plane's full scale.
 * - `field-percentile`: each channel is divided by its level in the field (see `measureLevels`), cut off at 1, and
 *   raised to `gamma`.
 */
export type Normalisation =
  | { readonly kind: 'full-scale' }
  | {
      readonly kind: 'field-percentile';
      /** 0 to 100, over the pixels of all cells of the field. */
      readonly percentile: number;
      /** Lowest level, as a fraction of full scale: what is darker stays dark, so the gain is at most 1 / floor. */
      readonly floor: number;
      readonly gamma: number;
    };

/** How one cell is cut out of a field. A network's metadata bear these, so that prediction repeats training's. */
export interface CropOptions {
  /** Width and height of the crop. */
  readonly sizePx: number;
  /** Planes of the crop, in this order. */
  readonly channels: readonly Channel[];
  readonly masking: Masking;
  /** Whether the protein's pixels outside the cell are 0, whatever `masking` says of the other channels. @default false */
  readonly cleanProtein?: boolean;
  /** Added on all four sides of the cell's box. */
  readonly marginUm: number;
  readonly resize: ResizePolicy;
  readonly normalisation: Normalisation;
}

/**
 * The crops of our own networks. Why so:
 *
 * - `fit` at 0.25 um: textures keep one physical size in cells up to 31 um wide (about half of the atlas's cells), and
 *   no cell loses its border.
 * - `neighbours`: another cell's protein says nothing about this one, but the cell's own border shows best against
 *   what surrounds it, and outlines are never exact.
 * - Levels from the field: the protein's 99th percentile is 5 to 112 of 255 over the atlas, a matter of staining and
 *   gain. One level for all cells of the field keeps a dark cell dark beside bright ones; the floor keeps a dark field
 *   dark, which is what `Negative` looks like. Of 51 real protein planes none has its 99.9th percentile below 0.086.
 * - The square root makes photon noise equally strong at all intensities (Anscombe 1948) and lets haze and bright
 *   spots be seen in one picture.
 */
export const DEFAULT_CROP: CropOptions = {
  sizePx: 128,
  channels: ['microtubules', 'protein', 'nuclei', 'er'],
  masking: 'neighbours',
  marginUm: 1,
  resize: { kind: 'fit', pixelUm: 0.25 },
  normalisation: { kind: 'field-percentile', percentile: 99.9, floor: 0.1, gamma: 0.5 },
};

/** The part of a field that `DEFAULT_CROP` shows of a cell that is not larger. */
const SHOWN_UM = 32;

/** `DEFAULT_CROP` for another size of crop: as much of the field, at another scale. */
export function cropOfSize(sizePx: number): CropOptions {
  return { ...DEFAULT_CROP, sizePx, resize: { kind: 'fit', pixelUm: SHOWN_UM / sizePx } };
}
