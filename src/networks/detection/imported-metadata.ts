import { z } from 'zod';
import { LOCATIONS } from '../../common/index.js';
import { CHANNELS } from '../../imaging/index.js';
import { decodeProperties, encodeProperties, FORMAT_VERSION, wrongProperty } from '../properties.js';
import { normalisationSchema, type PlaneNormalisation } from '../segmenter-metadata.js';

/** `kind` of another tool's Mask R-CNN whose inputs and outputs are those of torchvision's export. */
export const IMPORTED_DETECTOR = 'torchvision-detector';

const importedSchema = z.object({
  kind: z.literal(IMPORTED_DETECTOR),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Input planes, in order. */
  channels: z.array(z.enum(CHANNELS)).min(1),
  /** Location behind each label from 1 on (0 is the background); null where a label is none. */
  labels: z.array(z.enum(LOCATIONS).nullable()).min(1),
  /** Scale of the input in um a pixel. */
  pixelSizeUm: z.number().positive(),
  normalisation: normalisationSchema,
});

/** What the importer said of another tool's detector, in the model's own metadata properties. */
export type ImportedDetectorMetadata = z.infer<typeof importedSchema>;

/** Intensities as shares of full scale: what torchvision's models expect of a picture. */
export const PLAIN_INTENSITIES: PlaneNormalisation = {
  lowPercent: 0,
  highPercent: 100,
  leastRange: 1,
  gamma: 1,
  most: 1,
};

/** The properties to be written into an ONNX file. */
export function encodeImportedDetector(metadata: ImportedDetectorMetadata): Record<string, string> {
  return encodeProperties(metadata);
}

/** @throws ModelError as `decodeDetectorMetadata` */
export function decodeImportedDetector(
  properties: Readonly<Record<string, string>>,
): ImportedDetectorMetadata {
  const parsed = importedSchema.safeParse(decodeProperties(properties, IMPORTED_DETECTOR, []));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw wrongProperty(path.join('.'), message);
}
