import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { groupBy, InputError } from '../common/index.js';
import type { Channel } from '../imaging/index.js';
import { ATLAS_CHANNEL_NAMES, type ChannelNames, labelOf } from './channel-names.js';
import { readError } from './file.js';

/** Where one field of view lies: one file a channel (some may be missing), a colour composite, or an OME-TIFF. */
export interface FieldSource {
  readonly id: string;
  readonly files:
    | { readonly kind: 'channels'; readonly paths: Readonly<Partial<Record<Channel, string>>> }
    | { readonly kind: 'composite'; readonly path: string }
    | { readonly kind: 'ome-tiff'; readonly path: string };
  /** What the files call the channels, where that was said. */
  readonly names?: ChannelNames;
}

/** What the inputs hold, and what is wrong with some of them: the good ones can go on. */
export interface FoundFields {
  /** By id in natural order (2 before 10). */
  readonly sources: FieldSource[];
  readonly problems: InputError[];
}

/** What a file's name says: one channel of a field, or all of it. */
interface NamedFile {
  readonly path: string;
  readonly id: string;
  readonly part: Channel | Whole;
}
type Whole = 'composite' | 'ome-tiff';

function isWhole(part: NamedFile['part']): part is Whole {
  return part === 'composite' || part === 'ome-tiff';
}

/** A picture of one channel; one channel of a field may be an OME-TIFF too. */
const PICTURE_NAME = /^(.+?)(?:\.(?:png|jpe?g)|(?:\.ome)?\.tiff?)$/i;
const COMPOSITE_NAME = /^(.+)_blue_red_green\.(?:png|jpe?g|tiff?)$/i;
/** The endings that the OME-TIFF specification names. */
const OME_TIFF_NAME = /^(.+)\.ome\.(?:tiff?|tf2|tf8|btf)$/i;
/** What an OME-TIFF may be called too, where it is named itself. */
const TIFF_NAME = /^(.+)\.(?:tiff?|tf2|tf8|btf)$/i;

/**
 * Finds the fields of view in folders and among named files.
 *
 * - A folder gives every field whose files lie directly in it; other files in it are ignored.
 * - One named file of a field stands for the whole field: the other channels are taken from beside it. Where several
 *   files of one field are named, the field is made of exactly those.
 * - File names bear the atlas's colours, or what `names` says. A file `ID.ome.tif` is a field by itself, and so is a named
 *   `ID.tif` whose name says no channel: `names` then speaks of the channels in it.
 * - Two different files for the same channel of the same id (two folders, or png beside jpg) are a problem; that field is left out.
 *
 * Problems are returned, not thrown, so that good fields are still done: `input-missing`, `input-unreadable`,
 * `no-fields`, `file-name`, `channel-twice`. Whether a field is complete is for `readField` to say.
 */
export async function findFields(inputs: readonly string[], given?: ChannelNames): Promise<FoundFields> {
  const names = given ?? ATLAS_CHANNEL_NAMES;
  const problems: InputError[] = [];
  const files = new Map<string, NamedFile>();
  const named = new Map<string, NamedFile>();
  for (const input of inputs) {
    try {
      if ((await stat(input)).isDirectory()) {
        for (const file of await listFolder(input, names)) files.set(resolve(file.path), file);
      } else {
        const file = parseName(input, names) ?? parseTiffName(input);
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
    const twice = findTwice(id, parts, names);
    if (twice !== null) problems.push(twice);
    else sources.push(given === undefined ? toSource(id, parts) : { ...toSource(id, parts), names: given });
  }
  sources.sort((a, b) => compareNaturally(a.id, b.id));
  return { sources, problems };
}

function expectedNames(names: ChannelNames): string {
  const suffixes = [...names].map(
    ([suffix, channel]) => `ID_${suffix}${channel === 'er' ? ' (optional)' : ''}`,
  );
  return `${suffixes.join(', ')}, or ID_blue_red_green, each .png, .jpg, .jpeg, .tif or .tiff; or ID.ome.tif`;
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
  const whole = OME_TIFF_NAME.exec(name);
  const stem = PICTURE_NAME.exec(name)?.[1] ?? '';
  for (const [suffix, channel] of names) {
    // A number names a channel in an OME-TIFF; at the end of its file's name it is the sample's.
    if (whole !== null && /^\d+$/.test(suffix)) continue;
    const id = stem.slice(0, -suffix.length - 1);
    if (id !== '' && stem.toLowerCase().endsWith(`_${suffix}`)) return { path, id, part: channel };
  }
  return whole && { path, id: whole[1], part: 'ome-tiff' };
}

function parseTiffName(path: string): NamedFile | null {
  const name = basename(path);
  const match = name.startsWith('.') ? null : TIFF_NAME.exec(name);
  return match && { path, id: match[1], part: 'ome-tiff' };
}

/** The named files of one field; for a file that was named alone also the other channels beside it. */
async function withSiblings(named: NamedFile[], names: ChannelNames): Promise<NamedFile[]> {
  const [only] = named;
  if (named.length > 1 || isWhole(only.part)) return named;
  const beside = await listFolder(dirname(only.path), names);
  const others = beside.filter(({ id, part }) => id === only.id && part !== only.part && !isWhole(part));
  return [only, ...others];
}

function findTwice(id: string, parts: NamedFile[], names: ChannelNames): InputError | null {
  const advice = "keep one, or name the field's files";
  for (const [part, files] of groupBy(parts, (file) => file.part)) {
    if (files.length < 2) continue;
    const what = isWhole(part) ? part : `channel ${labelOf(part, names)}`;
    const paths = files.map(({ path }) => path).join(' and ');
    return new InputError('channel-twice', `field ${id}: more than one ${what}: ${paths}; ${advice}`);
  }
  const whole = parts.find(({ part }) => isWhole(part));
  const other = parts.find((part) => part !== whole);
  if (whole === undefined || other === undefined) return null;
  const rest = isWhole(other.part) ? other.part : 'single channels';
  return new InputError(
    'channel-twice',
    `field ${id}: both a ${whole.part}, ${whole.path}, and ${rest}, ${other.path}; ${advice}`,
  );
}

function toSource(id: string, parts: NamedFile[]): FieldSource {
  const paths: Partial<Record<Channel, string>> = {};
  for (const { part, path } of parts) {
    if (isWhole(part)) return { id, files: { kind: part, path } };
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
