import { z } from 'zod';
import { LOCATIONS, ModelError } from '../common/index.js';
import { cropOptionsSchema } from '../crops/index.js';

/** Rises when a file of an older kind can no longer be read as it is. */
export const FORMAT_VERSION = 1;
/** All our metadata properties begin so; other tools' properties in the same file are left alone. */
const PREFIX = 'cytolocus.';

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
  /** How the network was made: data, seed, epochs and the like, for people. */
  training: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What a classifier's file says about itself, in the model's own metadata properties. */
export type ClassifierMetadata = z.infer<typeof classifierSchema>;

/** The properties to be written into an ONNX file: texts as they are, the rest as JSON, one property a field. */
export function encodeMetadata(metadata: ClassifierMetadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      PREFIX + key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/**
 * Reads the properties of an ONNX file.
 * @throws ModelError `model-metadata-missing` (not a network of ours), `model-kind` (another kind of network),
 *   `model-version`, `model-metadata`, `model-classes`
 */
export function decodeMetadata(properties: Readonly<Record<string, string>>): ClassifierMetadata {
  const kind = properties[`${PREFIX}kind`];
  if (kind === undefined) {
    throw new ModelError(
      'model-metadata-missing',
      `the network has no property ${PREFIX}kind, so its classes and its input are unknown; ` +
        'expected a classifier written by "cytolocus train classifier"',
    );
  }
  if (kind !== 'classifier') {
    throw new ModelError('model-kind', `the network is a ${kind}; expected a classifier`);
  }
  const version = properties[`${PREFIX}formatVersion`];
  if (version !== String(FORMAT_VERSION)) {
    throw new ModelError(
      'model-version',
      `the network's file has format version ${version}; this program reads version ${FORMAT_VERSION}`,
    );
  }
  const texts = new Set(['kind', 'network', 'activation']);
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(properties)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    values[name] = texts.has(name) ? text : parseJson(key, text);
  }
  const parsed = classifierSchema.safeParse(values);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new ModelError(
      'model-metadata',
      `the network's property ${PREFIX}${path.join('.')} is wrong: ${message}`,
    );
  }
  checkClasses(parsed.data.classes);
  return parsed.data;
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError('model-metadata', `the network's property ${key} is not JSON: ${text}`, { cause });
  }
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
