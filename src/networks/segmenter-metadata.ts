import { z } from 'zod';
import { CHANNELS } from '../imaging/index.js';
import { decodeProperties, encodeProperties, FORMAT_VERSION, wrongProperty } from './properties.js';

/** What a segmenter's network outlines. */
export const SEGMENTER_TARGETS = ['nuclei', 'cells'] as const;
export type SegmenterTarget = (typeof SEGMENTER_TARGETS)[number];

/**
 * What a segmenter's output planes say of a pixel, each in [0, 1]: `inside` an object; at a `border` between two objects;
 * how far from its object's outline (`distance`: 1 at the middle, or from so far on).
 */
export const MAP_NAMES = ['inside', 'border', 'distance'] as const;

export const normalisationSchema = z.object({
  /** Percentile of the plane that becomes 0. */
  lowPercent: z.number().min(0).max(100),
  /** Percentile of the plane that becomes 1. */
  highPercent: z.number().min(0).max(100),
  /** The two are taken to lie at least so far apart, as a share of full scale: noise is not blown up. */
  leastRange: z.number().positive(),
  /** Exponent applied to what is above 0. */
  gamma: z.number().positive(),
  /** Greatest value. */
  most: z.number().positive(),
});

const segmenterSchema = z.object({
  kind: z.literal('segmenter'),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Name of the network's description. */
  network: z.string().min(1),
  target: z.enum(SEGMENTER_TARGETS),
  /** Input planes, in order. */
  channels: z.array(z.enum(CHANNELS)).min(1),
  /** Output planes, in order. */
  maps: z.tuple([z.literal('inside'), z.literal('border'), z.literal('distance')]),
  /** Scale of the input and the output in um a pixel. */
  pixelSizeUm: z.number().positive(),
  /** Width and height of the input must be multiples of this. */
  multiplePx: z.int().positive(),
  /** An output pixel depends on no input further away than this, so tiles that overlap by it agree. */
  haloPx: z.int().min(0),
  normalisation: normalisationSchema,
  /** How the network was made: data, seed, epochs and the like, for people. */
  training: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What a segmenter's file says about itself, in the model's own metadata properties. */
export type SegmenterMetadata = z.infer<typeof segmenterSchema>;

/** How a plane is scaled for a network. */
export type PlaneNormalisation = SegmenterMetadata['normalisation'];

/** The properties to be written into an ONNX file. */
export function encodeSegmenterMetadata(metadata: SegmenterMetadata): Record<string, string> {
  return encodeProperties(metadata);
}

/**
 * Reads the properties of an ONNX file.
 * @throws ModelError `model-metadata-missing` (not a network of ours), `model-kind` (another kind of network),
 *   `model-version`, `model-metadata`
 */
export function decodeSegmenterMetadata(properties: Readonly<Record<string, string>>): SegmenterMetadata {
  const parsed = segmenterSchema.safeParse(decodeProperties(properties, 'segmenter', ['network', 'target']));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw wrongProperty(path.join('.'), message);
}
