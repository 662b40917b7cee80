import { InputError } from '../common/index.js';
import { CHANNELS, type Channel, type FieldOfView, squarePixelUm } from '../imaging/index.js';
import { ATLAS_CHANNEL_NAMES, type ChannelNames, labelOf, suffixOf } from './channel-names.js';
import { readChannelPlane, readComposite } from './channel-plane.js';
import type { FieldSource } from './fields.js';
import { readOmePlanes } from './ome-tiff.js';
import { ASSUMED_PIXEL_SIZES, type PixelSizeSource, type PixelSizes, pixelSizeOf } from './pixel-size.js';

/** A field of view from files; `pixelSizeSource` says whether its scale was given, looked up, said by its file, or only assumed. */
export interface FieldFromFiles extends FieldOfView {
  readonly pixelSizeSource: PixelSizeSource;
}

/**
 * Reads the channels of one field of view.
 * @throws InputError, its message beginning with `field ID:` — `channel-missing`, `channel-size`,
 *   `pixel-size-missing`, and whatever is wrong with a file (see `readChannelPlane`, `readOmePlanes`)
 */
export async function readField(
  source: FieldSource,
  sizes: PixelSizes = ASSUMED_PIXEL_SIZES,
): Promise<FieldFromFiles> {
  const { id } = source;
  const { channels, fileUm } = await inField(id, readChannels(source));
  const { width, height } = channels.microtubules;
  return { id, width, height, ...pixelSizeOf(id, width, height, sizes, fileUm), channels };
}

/** A field's planes, and the size of a pixel where the files say it. */
interface ReadChannels {
  readonly channels: FieldOfView['channels'];
  /** @throws InputError `image-pixel-size` where what they say cannot be used */
  readonly fileUm: () => number | null;
}

async function readChannels(source: FieldSource): Promise<ReadChannels> {
  const { files, names = ATLAS_CHANNEL_NAMES } = source;
  const unknown = () => null;
  switch (files.kind) {
    case 'ome-tiff': {
      const { channels, pixelUm } = await readOmePlanes(files.path, source.names ?? null);
      return { channels, fileUm: () => squarePixelUm(pixelUm, `field ${source.id}: ${files.path}`) };
    }
    case 'composite':
      return { channels: { ...(await readComposite(files.path)), er: null }, fileUm: unknown };
    case 'channels': {
      const channels = await readPlanes(source.id, files.paths, names);
      checkSizes(channels, names);
      return { channels, fileUm: unknown };
    }
  }
}

async function readPlanes(
  id: string,
  paths: Readonly<Partial<Record<Channel, string>>>,
  names: ChannelNames,
): Promise<FieldOfView['channels']> {
  const { microtubules, protein, nuclei, er } = paths;
  if (microtubules === undefined || protein === undefined || nuclei === undefined) {
    throw missingChannels(id, paths, names);
  }
  return {
    microtubules: await readChannelPlane(microtubules, 'microtubules'),
    protein: await readChannelPlane(protein, 'protein'),
    nuclei: await readChannelPlane(nuclei, 'nuclei'),
    er: er === undefined ? null : await readChannelPlane(er, 'er'),
  };
}

function missingChannels(
  id: string,
  paths: Readonly<Partial<Record<Channel, string>>>,
  names: ChannelNames,
): InputError {
  const missing = CHANNELS.filter((channel) => channel !== 'er' && paths[channel] === undefined);
  const found = CHANNELS.flatMap((channel) => paths[channel] ?? []).join(', ');
  const files = missing.map((channel) => `${id}_${suffixOf(channel, names)}.png`).join(', ');
  return new InputError(
    'channel-missing',
    `no channel ${missing.map((channel) => labelOf(channel, names)).join(' and ')}; found only ${found}; ` +
      `add ${files} (or .jpg, .tif); only ${labelOf('er', names)} may be missing`,
  );
}

function checkSizes(channels: FieldOfView['channels'], names: ChannelNames): void {
  const { width, height } = channels.microtubules;
  for (const channel of CHANNELS) {
    const plane = channels[channel];
    if (plane === null || (plane.width === width && plane.height === height)) continue;
    throw new InputError(
      'channel-size',
      `${labelOf('microtubules', names)} is ${width}x${height} but ${labelOf(channel, names)} is ${plane.width}x${plane.height}; ` +
        'all channels of a field must have one size',
    );
  }
}

/** Puts the field's name before the message of whatever is wrong with one of its files. */
async function inField<T>(id: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `field ${id}: ${error.message}`, { cause: error });
  }
}
