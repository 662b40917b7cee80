import { CHANNEL_COLOURS, CHANNEL_WORDS, CHANNELS, type Channel } from '../../imaging/index.js';

/** What a chosen file is taken for. */
export type Part = Channel | 'composite' | 'image';

/** A field as its files were dropped: at most one for each part. */
export interface ChosenField {
  readonly name: string;
  readonly files: Readonly<Partial<Record<Part, File>>>;
  /** What an OME-TIFF calls its channels, by name or number; without it their names tell. */
  readonly channels?: Readonly<Record<string, Channel>>;
}

const COMPOSITE = /_blue_red_green$/i;
/** All channels in one file. */
const OME_TIFF = /\.ome\.tiff?$/i;

/** What a file's name says: its field's name and its part; null where it does not say. */
export function guessPart(fileName: string): { field: string; part: Part | null } {
  if (OME_TIFF.test(fileName)) return { field: fileName.replace(OME_TIFF, ''), part: 'image' };
  const stem = fileName.replace(/\.\w+$/, '');
  if (COMPOSITE.test(stem)) return { field: stem.replace(COMPOSITE, ''), part: 'composite' };
  for (const channel of CHANNELS) {
    const match = CHANNEL_WORDS[channel].exec(stem);
    if (match === null) continue;
    const field = stem.slice(0, match.index) + stem.slice(match.index + match[0].length);
    return { field: field || stem, part: channel };
  }
  return { field: stem, part: null };
}

/** Fields of the files, by their names; files that say nothing fill the free channels in order, all in one field. */
export function groupFiles(files: readonly File[]): ChosenField[] {
  const fields = new Map<string, Partial<Record<Part, File>>>();
  const unknown: File[] = [];
  for (const file of files) {
    const { field, part } = guessPart(file.name);
    if (part === null) {
      unknown.push(file);
      continue;
    }
    const parts = fields.get(field) ?? {};
    fields.set(field, parts);
    parts[part] = file;
  }
  if (unknown.length > 0) {
    const [name, parts] = [...fields][0] ?? [guessPart(unknown[0].name).field, {}];
    fields.set(name, parts);
    for (const channel of CHANNELS) parts[channel] ??= unknown.shift();
  }
  return [...fields].map(([name, parts]) => ({ name, files: parts }));
}

/** The file's part in an upload: the atlas's colour, or its own name. */
export function uploadPart(part: Part): string {
  return part === 'composite' || part === 'image' ? part : CHANNEL_COLOURS[part];
}
