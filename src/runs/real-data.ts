import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { CHANNELS, type FieldOfView, resizeLabels } from '../imaging/index.js';
import {
  ASSUMED_PIXEL_SIZES,
  findFields,
  isFile,
  listFiles,
  type PixelSizes,
  pixelSizeOf,
  readChannelPlane,
  readField,
  readLabelPng,
  readTable,
} from '../io/index.js';
import { type FieldShapes, type JudgedPlane, measureShapes } from '../realism/index.js';
import { resizeField } from './resized-field.js';

/** One textbook picture of a location. */
export interface DictionaryPicture {
  readonly name: string;
  readonly location: number;
  readonly field: FieldOfView;
}

/** What there is of the real data, all but the dictionary at one pixel size. */
export interface RealData {
  readonly planes: readonly JudgedPlane[];
  readonly fields: readonly FieldOfView[];
  readonly masks: readonly FieldShapes[];
  readonly dictionary: readonly DictionaryPicture[];
  /** What was found and what was not, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads what a folder laid out as `../shared/data` holds of `hpa/fov`, `hpa/channels`, `hpa/dictionary` and `cells/masks`;
 * parts that are not there are left out and noted.
 * @throws InputError `no-real-data` where none is there; what a damaged file throws
 */
export async function readRealData(folder: string, pixelSizeUm: number): Promise<RealData> {
  const notes: string[] = [];
  const note = (path: string, count: number, what: string) => {
    notes.push(count > 0 ? `${path}: ${count} ${what}` : `${path}: not there, left out`);
  };
  const fields = await readFields(join(folder, 'hpa', 'fov'), pixelSizeUm);
  note('hpa/fov', fields.length, 'real fields of four channels');
  const single = await readChannels(join(folder, 'hpa', 'channels'), pixelSizeUm);
  note('hpa/channels', single.length, 'real single channels');
  const masks = await readMasks(join(folder, 'cells', 'masks'), pixelSizeUm);
  note('cells/masks', masks.length, 'real masks of cells');
  const dictionary = await readDictionary(join(folder, 'hpa'));
  note('hpa/dictionary', dictionary.length, 'textbook pictures of the 19 locations');
  if (fields.length + single.length + masks.length === 0) {
    throw new InputError(
      'no-real-data',
      `${folder}: holds none of hpa/fov, hpa/channels, cells/masks to compare synthetic fields with`,
    );
  }
  const ofFields = fields.flatMap((field) =>
    CHANNELS.flatMap((channel) => {
      const plane = field.channels[channel];
      return plane === null ? [] : [{ field: field.id, channel, plane, synthetic: false }];
    }),
  );
  return { planes: [...single, ...ofFields], fields, masks, dictionary, notes };
}

async function readFields(folder: string, pixelSizeUm: number): Promise<FieldOfView[]> {
  if ((await listFiles(folder)).length === 0) return [];
  const { sources } = await findFields([folder]);
  const fields = [];
  for (const source of sources) fields.push(resizeField(await readField(source), pixelSizeUm));
  return fields;
}

/** Files of one channel each; those of the pixel size asked for, which the 2018 competition's have. */
async function readChannels(folder: string, pixelSizeUm: number): Promise<JudgedPlane[]> {
  if ((await listFiles(folder)).length === 0) return [];
  const { sources } = await findFields([folder]);
  const planes: JudgedPlane[] = [];
  for (const { id, files } of sources) {
    if (files.kind !== 'channels') continue;
    for (const channel of CHANNELS) {
      const path = files.paths[channel];
      if (path === undefined) continue;
      const plane = await readChannelPlane(path, channel);
      const size = pixelSizeOf(id, plane.width, plane.height, ASSUMED_PIXEL_SIZES).pixelSizeUm;
      if (Math.abs(size - pixelSizeUm) < 0.01) planes.push({ field: id, channel, plane, synthetic: false });
    }
  }
  return planes;
}

async function readMasks(folder: string, pixelSizeUm: number): Promise<FieldShapes[]> {
  const shapes = [];
  for (const name of await listFiles(folder)) {
    if (!name.endsWith('.png')) continue;
    const mask = await readLabelPng(join(folder, name));
    const size = pixelSizeOf(name, mask.width, mask.height, ASSUMED_PIXEL_SIZES).pixelSizeUm;
    const scale = size / pixelSizeUm;
    const small = resizeLabels(mask, Math.round(mask.width * scale), Math.round(mask.height * scale));
    shapes.push(measureShapes(small, pixelSizeUm));
  }
  return shapes;
}

async function readDictionary(folder: string): Promise<DictionaryPicture[]> {
  const table = join(folder, 'dictionary.csv');
  if (!(await isFile(table))) return [];
  const { rows } = await readTable(table, ['ID', 'Label', 'name', 'pixel_size_um']);
  const sizes: PixelSizes = {
    kind: 'table',
    file: table,
    byField: new Map(rows.map((row) => [row.get('ID'), Number(row.get('pixel_size_um')) || null])),
  };
  const { sources } = await findFields([join(folder, 'dictionary')]);
  const pictures = [];
  for (const source of sources) {
    const row = rows.find((entry) => entry.get('ID') === source.id);
    const label = row?.get('Label') ?? '';
    if (row === undefined || label === '') continue;
    pictures.push({ name: row.get('name'), location: Number(label), field: await readField(source, sizes) });
  }
  return pictures;
}
