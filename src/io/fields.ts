import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { groupBy, InputError } from '../common/index.js';
import { CHANNEL_COLOURS, CHANNELS, type Channel } from '../imaging/index.js';
import { readError } from './file.js';

/** Where one field of view lies: one file a channel (some may be missing), or a colour composite. */
export interface FieldSource {
  readonly id: string;
  readonly files:
    | { readonly kind: 'channels'; readonly paths: Readonly<Partial<Record<Channel, string>>> }
    | { readonly kind: 'composite'; readonly path: string };
}

/** What the inputs hold, and what is wrong with some of them: the good ones can go on. */
export interface FoundFields {
  /** By id in natural order (2 before 10). */
  readonly sources: FieldSource[];
  readonly problems: InputError[];
}

/** What a file's name says: one channel of a field, or a composite of it. */
interface NamedFile {
  readonly path: string;
  readonly id: string;
  readonly part: Channel | 'composite';
}

const PICTURE_NAME = /^(.+)\.(?:png|jpe?g|tiff?)$/i;
const COMPOSITE_NAME = /^(.+)_blue_red_green\.(?:png|jpe?g|tiff?)$/i;

/** What file names call the channels, in lower case: `ID_NAME.png`. */
export type ChannelNames = ReadonlyMap<string, Channel>;

/** The atlas's colours. */
export const ATLAS_CHANNEL_NAMES: ChannelNames = new Map(
  CHANNELS.map((channel) => [CHANNEL_COLOURS[channel], channel]),
);

/**
 * Finds the fields of view in folders and among named files.
 *
 * - A folder gives every field whose files lie directly in it; other files in it are ignored.
 * - One named file of a field stands for the whole field: the other channels are taken from beside it. Where several
 *   files of one field are named, the field is made of exactly those.
 * - File names bear the atlas's colours, or what `names` says.
 * - Two different files for the same channel of the same id (two folders, or png beside jpg) are a problem; that field is left out.
 *
 * Problems are returned, not thrown, so that good fields are still done: `input-missing`, `input-unreadable`,
 * `no-fields`, `file-name`, `channel-twice`. Whether a field is complete is for `readField` to say.
 */
export async function findFields(
  inputs: readonly string[],
  names: ChannelNames = ATLAS_CHANNEL_NAMES,
): Promise<FoundFields> {
  const problems: InputError[] = [];
  const files = new Map<string, NamedFile>();
  const named = new Map<string, NamedFile>();
  for (const input of inputs) {
    try {
      if ((await stat(input)).isDirectory()) {
        for (const file of await listFolder(input, names)) files.set(resolve(file.path), file);
      } else {
        const file = parseName(input, names);
        if (file === null)
          throw new InputError('file-name', `${input}: unknown name; expected ${expectedNames(names)}`);
        named.set(resolve(input), file);
      }
    } catch (error) {
      problems.push(inputProblem(input, error));
    }
  }
  for (const parts of groupBy([...named.values()], (file) => file.id).values()) {
    try {
      for (const file of await withSiblings(parts, names)) files.set(resolve(file.path), file);
    } catch (error) {
      problems.push(inputProblem(dirname(parts[0].path), error));
    }
  }
  const sources: FieldSource[] = [];
  for (const [id, parts] of groupBy([...files.values()], (file) => file.id)) {
    const twice = findTwice(id, parts);
    if (twice !== null) problems.push(twice);
    else sources.push(toSource(id, parts));
  }
  sources.sort((a, b) => compareNaturally(a.id, b.id));
  return { sources, problems };
}

function expectedNames(names: ChannelNames): string {
  const suffixes = [...names].map(
    ([suffix, channel]) => `ID_${suffix}${channel === 'er' ? ' (optional)' : ''}`,
  );
  return `${suffixes.join(', ')}, or ID_blue_red_green, each .png, .jpg, .jpeg, .tif or .tiff`;
}

/** Compares names so that numbers in them count as numbers; a total order that does not depend on the machine. */
export function compareNaturally(a: string, b: string): number {
  return COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

async function listFolder(folder: string, names: ChannelNames): Promise<NamedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const files = found.map((name) => parseName(join(folder, name), names)).filter((file) => file !== null);
  if (files.length > 0) return files;
  const what =
    entries.length === 0 ? 'the folder is empty' : `none of its ${entries.length} entries is a field's file`;
  throw new InputError(
    'no-fields',
    `${folder}: ${what}; expected files named ${expectedNames(names)} (folders in it are not searched)`,
  );
}

function parseName(path: string, names: ChannelNames): NamedFile | null {
  const name = basename(path);
  // Other programs' side files (macOS writes ._ID_red.png) and our temporary ones; nor may an id be "..", a folder name.
  if (name.startsWith('.')) return null;
  const composite = COMPOSITE_NAME.exec(name);
  if (composite) return { path, id: composite[1], part: 'composite' };
  const stem = PICTURE_NAME.exec(name)?.[1];
  if (stem === undefined) return null;
  for (const [suffix, channel] of names) {
    const id = stem.slice(0, -suffix.length - 1);
    if (id !== '' && stem.toLowerCase().endsWith(`_${suffix}`)) return { path, id, part: channel };
  }
  return null;
}

/** The named files of one field; for a file that was named alone also the other channels beside it. */
async function withSiblings(named: NamedFile[], names: ChannelNames): Promise<NamedFile[]> {
  const [only] = named;
  if (named.length > 1 || only.part === 'composite') return named;
  const beside = await listFolder(dirname(only.path), names);
  const others = beside.filter(
    ({ id, part }) => id === only.id && part !== only.part && part !== 'composite',
  );
  return [only, ...others];
}

function findTwice(id: string, parts: NamedFile[]): InputError | null {
  for (const [part, files] of groupBy(parts, (file) => file.part)) {
    if (files.length < 2) continue;
    const what = part === 'composite' ? 'composite' : `${CHANNEL_COLOURS[part]} (${part}) channel`;
    const paths = files.map(({ path }) => path).join(' and ');
    return new InputError(
      'channel-twice',
      `field ${id}: more than one ${what}: ${paths}; keep one, or name the field's files`,
    );
  }
  const composite = parts.find(({ part }) => part === 'composite');
  const single = parts.find(({ part }) => part !== 'composite');
  if (composite === undefined || single === undefined) return null;
  return new InputError(
    'channel-twice',
    `field ${id}: both a composite, ${composite.path}, and single channels, ${single.path}; keep one, or name the field's files`,
  );
}

function toSource(id: string, parts: NamedFile[]): FieldSource {
  const paths: Partial<Record<Channel, string>> = {};
  for (const { part, path } of parts) {
    if (part === 'composite') return { id, files: { kind: 'composite', path } };
    paths[part] = path;
  }
  return { id, files: { kind: 'channels', paths } };
}

function inputProblem(input: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const problem = readError(input, error);
  if (problem.code !== 'file-missing')
    return new InputError('input-unreadable', problem.message, { cause: error });
  return new InputError('input-missing', `${input}: there is no such file or folder`, { cause: error });
}
