import { z } from 'zod';
import { LOCATIONS } from '../../common/index.js';
import { CHANNELS } from '../../imaging/index.js';
import { decodeProperties, encodeProperties, FORMAT_VERSION, wrongProperty } from '../properties.js';
import { normalisationSchema } from '../segmenter-metadata.js';
import { CLASS_HEADS } from './model.js';

const detectorSchema = z.object({
  kind: z.literal('detector'),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Name of the network's description. */
  network: z.string().min(1),
  /** Input planes, in order. */
  channels: z.array(z.enum(CHANNELS)).min(1),
  /** Locations behind the class head's first output, in order. */
  classes: z.array(z.string()).length(LOCATIONS.length),
  classHead: z.enum(CLASS_HEADS),
  /** Scale of the input in um a pixel. */
  pixelSizeUm: z.number().positive(),
  /** Width and height of the input must be multiples of this. */
  multiplePx: z.int().positive(),
  anchors: z.object({
    strides: z.array(z.int().positive()).min(1),
    sizes: z.array(z.number().positive()).min(1),
    ratios: z.array(z.number().positive()).min(1),
  }),
  canonicalSidePx: z.number().positive(),
  normalisation: normalisationSchema,
  detection: z.object({
    /** See `ProposalSettings`. */
    perLevel: z.int().positive(),
    kept: z.int().positive(),
    overlap: z.number().min(0).max(1),
    /** Cells found with less certainty are left out. */
    leastScore: z.number().min(0).max(1),
    /** Cells whose boxes overlap more than this are one. */
    cellOverlap: z.number().min(0).max(1),
    /** Most cells of a field. */
    cells: z.int().positive(),
  }),
  /** How the network was made: data, seed, epochs and the like, for people. */
  training: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What a detector's file says about itself, in the model's own metadata properties. */
export type DetectorMetadata = z.infer<typeof detectorSchema>;
export type DetectionSettings = DetectorMetadata['detection'];

/** The properties to be written into an ONNX file. */
export function encodeDetectorMetadata(metadata: DetectorMetadata): Record<string, string> {
  return encodeProperties(metadata);
}

/**
 * Reads the properties of an ONNX file.
 * @throws ModelError `model-metadata-missing` (not a network of ours), `model-kind` (another kind of network),
 *   `model-version`, `model-metadata`
 */
export function decodeDetectorMetadata(properties: Readonly<Record<string, string>>): DetectorMetadata {
  const parsed = detectorSchema.safeParse(decodeProperties(properties, 'detector', ['network', 'classHead']));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw wrongProperty(path.join('.'), message);
}
