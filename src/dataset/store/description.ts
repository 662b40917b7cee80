import { join } from 'node:path';
import { z } from 'zod';
import { InputError, LOCATIONS } from '../../common/index.js';
import { type CropOptions, cropOptionsSchema } from '../../crops/index.js';
import { readTextIfThere, writeFileAtomic } from '../../io/index.js';
import { BALANCES, type Balance } from '../balance.js';

/** Rises when a store of an older kind can no longer be read as it is. */
export const STORE_VERSION = 1;
const KIND = 'cytolocus-crops';
const FILE = 'store.json';

const descriptionSchema = z.object({
  kind: z.literal(KIND),
  version: z.literal(STORE_VERSION),
  /** Version of the program that made the store. */
  program: z.string(),
  /** How the cells were cut out; `sizePx` and `channels` are the shape of a crop. */
  crop: cropOptionsSchema,
  /** Names of the classes, by class id. */
  classes: z.array(z.string()),
  /** Where the outlines come from: a segmenter's name, or `masks`. */
  outlines: z.string(),
  /** How training shall make up for rare locations where nothing else is said; null: left to training. */
  balance: z.enum(BALANCES).nullable(),
  cropsPerShard: z.int().positive(),
});

/** What a store says about itself in `store.json`. */
export type StoreDescription = z.infer<typeof descriptionSchema>;

/** A shard's bytes: large enough that moving to the next one costs a hard disk less than a tenth of reading it. */
const SHARD_BYTES = 64 * 2 ** 20;

export function describeStore(
  crop: CropOptions,
  outlines: string,
  program: string,
  balance: Balance | null = null,
): StoreDescription {
  return {
    kind: KIND,
    version: STORE_VERSION,
    program,
    crop: { ...crop, channels: [...crop.channels] },
    classes: [...LOCATIONS],
    outlines,
    balance,
    cropsPerShard: Math.max(1, Math.floor(SHARD_BYTES / (crop.channels.length * crop.sizePx ** 2))),
  };
}

/** Shape of one crop: channels, height, width. */
export function cropShape({ crop }: Pick<StoreDescription, 'crop'>): [number, number, number] {
  return [crop.channels.length, crop.sizePx, crop.sizePx];
}

/** Bytes of one crop. */
export function cropBytes({ crop }: Pick<StoreDescription, 'crop'>): number {
  return crop.channels.length * crop.sizePx ** 2;
}

/** File name of a shard. */
export function shardName(shard: number): string {
  return `crops-${String(shard).padStart(5, '0')}.npy`;
}

/** Whether the folder holds a store of crops (which may yet be of another version, or damaged). */
export async function isStore(folder: string): Promise<boolean> {
  return (await readTextIfThere(join(folder, FILE))) !== null;
}

/**
 * @throws InputError `store-missing`, `store-damaged` (no JSON, or not what a store says), `store-version`,
 *   `store-classes`
 */
export async function readDescription(folder: string): Promise<StoreDescription> {
  const path = join(folder, FILE);
  const text = await readTextIfThere(path);
  if (text === null) {
    throw new InputError(
      'store-missing',
      `${folder}: is no store of crops (it has no ${FILE}); make one with "cytolocus crops"`,
    );
  }
  const json = parseJson(path, text);
  const version = z.object({ kind: z.literal(KIND), version: z.unknown() }).safeParse(json).data?.version;
  if (version !== undefined && version !== STORE_VERSION) {
    throw new InputError(
      'store-version',
      `${folder}: the store has format version ${version}, this program reads version ${STORE_VERSION}; make it anew with ` +
        '"cytolocus crops", or use the version of the program that made it',
    );
  }
  const parsed = descriptionSchema.safeParse(json);
  if (!parsed.success) {
    const [{ path: at, message }] = parsed.error.issues;
    throw new InputError(
      'store-damaged',
      `${path}: ${at.join('.') || 'the whole'} is wrong: ${message}; make the store anew with "cytolocus crops"`,
    );
  }
  checkClasses(folder, parsed.data.classes);
  return parsed.data;
}

/** @throws InputError `not-writable` */
export async function writeDescription(folder: string, description: StoreDescription): Promise<void> {
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify(description, null, 2)}\n`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(
      'store-damaged',
      `${path}: is not JSON; make the store anew with "cytolocus crops"`,
      {
        cause,
      },
    );
  }
}

function checkClasses(folder: string, classes: readonly string[]): void {
  if (classes.length === LOCATIONS.length && LOCATIONS.every((name, id) => classes[id] === name)) return;
  const wrong = LOCATIONS.findIndex((name, id) => classes[id] !== name);
  const found = wrong < 0 ? `${classes.length} classes` : `class ${wrong} "${classes[wrong] ?? 'missing'}"`;
  throw new InputError(
    'store-classes',
    `${folder}: the store's classes do not fit: found ${found}, expected ${wrong < 0 ? LOCATIONS.length : `"${LOCATIONS[wrong]}"`}; ` +
      'make the store anew with "cytolocus crops"',
  );
}
