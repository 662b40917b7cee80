import { InputError } from '../common/index.js';
import { CHANNEL_COLOURS, type Channel, type FieldOfView, type Plane } from '../imaging/index.js';
import { readChannelPlane, readComposite } from './channel-plane.js';
import type { FieldSource } from './fields.js';
import { ASSUMED_PIXEL_SIZES, type PixelSizeSource, type PixelSizes, pixelSizeOf } from './pixel-size.js';

/** A field of view from files; `pixelSizeSource` says whether its scale was given, looked up, or only assumed. */
export interface FieldFromFiles extends FieldOfView {
  readonly pixelSizeSource: PixelSizeSource;
}

/**
 * Reads the channels of one field of view.
 * @throws InputError, its message beginning with `field ID:` — `channel-missing`, `channel-size`,
 *   `pixel-size-missing`, and whatever is wrong with a file (see readChannelPlane)
 */
export async function readField(
  source: FieldSource,
  sizes: PixelSizes = ASSUMED_PIXEL_SIZES,
): Promise<FieldFromFiles> {
  const { id } = source;
  const channels = await readChannels(source);
  const { width, height } = channels.microtubules;
  return {
    id,
    width,
    height,
    ...pixelSizeOf(id, width, height, sizes),
    channels,
  };
}

async function readChannels(source: FieldSource): Promise<FieldOfView['channels']> {
  const { id, files } = source;
  if (files.kind === 'composite') {
    return { ...(await inField(id, readComposite(files.path))), er: null };
  }
  const paths = files.paths;
  const read = (channel: Channel, path: string) => inField(id, readChannelPlane(path, channel));
  const { microtubules, protein, nuclei, er } = paths;
  if (microtubules === undefined || protein === undefined || nuclei === undefined) {
    throw missingChannels(source, paths);
  }
  const channels = {
    microtubules: await read('microtubules', microtubules),
    protein: await read('protein', protein),
    nuclei: await read('nuclei', nuclei),
    er: er === undefined ? null : await read('er', er),
  };
  checkSizes(id, channels);
  return channels;
}

function missingChannels(source: FieldSource, paths: Partial<Record<Channel, string>>): InputError {
  const needed: Channel[] = ['microtubules', 'protein', 'nuclei'];
  const missing = needed.filter((channel) => paths[channel] === undefined);
  const found = Object.values(paths).join(', ');
  const names = missing.map((channel) => `${CHANNEL_COLOURS[channel]} (${channel})`).join(' and ');
  const files = missing.map((channel) => `${source.id}_${CHANNEL_COLOURS[channel]}.png`).join(', ');
  return new InputError(
    'channel-missing',
    `field ${source.id}: no ${names} channel; found only ${found}; add ${files} (or .jpg, .tif); only yellow may be missing`,
  );
}

function checkSizes(id: string, channels: FieldOfView['channels']): void {
  const planes: [Channel, Plane | null][] = [
    ['microtubules', channels.microtubules],
    ['protein', channels.protein],
    ['nuclei', channels.nuclei],
    ['er', channels.er],
  ];
  const { width, height } = channels.microtubules;
  const wrong = planes.find(
    ([, plane]) => plane !== null && (plane.width !== width || plane.height !== height),
  );
  if (!wrong?.[1]) return;
  throw new InputError(
    'channel-size',
    `field ${id}: red is ${width}x${height} but ${CHANNEL_COLOURS[wrong[0]]} is ${wrong[1].width}x${wrong[1].height}; ` +
      'all channels of a field must have one size',
  );
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
