import { ModelError } from '../common/index.js';

/** Rises when a file of an older kind can no longer be read as it is. */
export const FORMAT_VERSION = 1;
/** All our metadata properties begin so; other tools' properties in the same file are left alone. */
const PREFIX = 'cytolocus.';

/** The properties to be written into an ONNX file: texts as they are, the rest as JSON, one property a field. */
export function encodeProperties(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      PREFIX + key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** The kind of network that a file says it is; undefined where it is none of ours. */
export function kindOf(properties: Readonly<Record<string, string>>): string | undefined {
  return properties[`${PREFIX}kind`];
}

/**
 * Our properties of an ONNX file, read back to values.
 * @param kind what the network must be
 * @param texts names of the fields that are texts, not JSON
 * @throws ModelError `model-metadata-missing` (not a network of ours), `model-kind` (another kind of network),
 *   `model-version`, `model-metadata`
 */
export function decodeProperties(
  properties: Readonly<Record<string, string>>,
  kind: string,
  texts: readonly string[],
): Record<string, unknown> {
  const found = kindOf(properties);
  if (found === undefined) {
    throw new ModelError(
      'model-metadata-missing',
      `the network has no property ${PREFIX}kind, so its input and its output are unknown; ` +
        `expected a ${kind} written by "cytolocus train ${kind}"`,
    );
  }
  if (found !== kind) throw new ModelError('model-kind', `the network is a ${found}; expected a ${kind}`);
  const version = properties[`${PREFIX}formatVersion`];
  if (version !== String(FORMAT_VERSION)) {
    throw new ModelError(
      'model-version',
      `the network's file has format version ${version}; this program reads version ${FORMAT_VERSION}`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(properties)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    values[name] = name === 'kind' || texts.includes(name) ? text : parseJson(key, text);
  }
  return values;
}

/** The error for a property whose value does not fit its schema. */
export function wrongProperty(path: string, message: string): ModelError {
  return new ModelError('model-metadata', `the network's property ${PREFIX}${path} is wrong: ${message}`);
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError('model-metadata', `the network's property ${key} is not JSON: ${text}`, { cause });
  }
}
