import { z } from 'zod';
import { LOCATIONS, ModelError } from '../common/index.js';
import { cropOptionsSchema } from '../crops/index.js';
import { calibrationSchema } from './calibration.js';
import { fieldModelSchema } from './field-model.js';
import { decodeProperties, encodeProperties, FORMAT_VERSION, wrongProperty } from './properties.js';
import { TURN_COUNTS } from './turned-classifier.js';

const predictionSchema = z.object({
  /** Flips and quarter turns of each crop whose scores are averaged. */
  turns: z.literal(TURN_COUNTS),
  /** Where the score of `Negative` comes from: see `withNegativeFromOthers` of the scoring layer. */
  negative: z.enum(['own', 'least', 'product', 'geometric']),
  /** Whether a cell's scores are set in the light of its field's: see `adjustScores` of the scoring layer. */
  fieldContext: z.boolean(),
});

/** What becomes of a classifier's scores at prediction. */
export type PredictionSettings = z.infer<typeof predictionSchema>;

const classifierSchema = z.object({
  kind: z.literal('classifier'),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Name of the network's description. */
  network: z.string().min(1),
  /** Names of the scores, in order. */
  classes: z.array(z.string()).min(1),
  /** `sigmoid`: scores are independent of each other; `softmax`: they sum to 1. Either way the file applies it. */
  activation: z.enum(['sigmoid', 'softmax']),
  crop: cropOptionsSchema,
  /** What becomes of the scores at prediction, before they are calibrated; nothing where it is absent. */
  prediction: predictionSchema.optional(),
  /** How a field's locations are told from its cells; where it is absent, the field counts by a formula. */
  fieldModel: fieldModelSchema.optional(),
  /** Turns the scores into probabilities; a network that was never calibrated has none. */
  calibration: calibrationSchema.optional(),
  /** How the network was made: data, seed, epochs and the like, for people. */
  training: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What a classifier's file says about itself, in the model's own metadata properties. */
export type ClassifierMetadata = z.infer<typeof classifierSchema>;

/** The properties to be written into an ONNX file. */
export function encodeMetadata(metadata: ClassifierMetadata): Record<string, string> {
  return encodeProperties(metadata);
}

/**
 * Reads the properties of an ONNX file.
 * @throws ModelError `model-metadata-missing` (not a network of ours), `model-kind` (another kind of network),
 *   `model-version`, `model-metadata`, `model-classes`
 */
export function decodeMetadata(properties: Readonly<Record<string, string>>): ClassifierMetadata {
  const parsed = classifierSchema.safeParse(
    decodeProperties(properties, 'classifier', ['network', 'activation']),
  );
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw wrongProperty(path.join('.'), message);
  }
  checkClasses(parsed.data.classes);
  return parsed.data;
}

function checkClasses(classes: readonly string[]): void {
  const wrong = LOCATIONS.findIndex((name, id) => classes[id] !== name);
  if (wrong < 0 && classes.length === LOCATIONS.length) return;
  const found = wrong < 0 ? `${classes.length} classes` : `class ${wrong} "${classes[wrong] ?? 'missing'}"`;
  const expected = wrong < 0 ? `the ${LOCATIONS.length} locations` : `"${LOCATIONS[wrong]}"`;
  throw new ModelError(
    'model-classes',
    `the network's classes do not fit: found ${found}, expected ${expected}`,
  );
}
