import { InputError } from '../common/index.js';
import type { Channel, Plane } from './plane.js';

/** A picture's pixels as stored, interleaved. */
export interface PictureSamples {
  readonly width: number;
  readonly height: number;
  /** 1 grey or 3 colours. */
  readonly samples: 1 | 3;
  readonly bitDepth: 8 | 16;
  readonly data: Uint8Array | Uint16Array;
}

/** The colour in the atlas's file names and composites for each channel. */
export const CHANNEL_COLOURS = {
  microtubules: 'red',
  protein: 'green',
  nuclei: 'blue',
  er: 'yellow',
} as const satisfies Record<Channel, string>;

/**
 * The plane of a picture that holds one channel: grey; colour whose planes are equal; or colour filled in the channel's own tint
 * only (the atlas's JPEGs: `_red.jpg` uses the red plane, `_yellow.jpg` red and green).
 * @param name for messages
 * @throws InputError `channel-colour` where a colour picture is not one channel
 */
export function channelPlane(raster: PictureSamples, channel: Channel, name: string): Plane {
  if (raster.samples === 1) return planeOf(raster, raster.data);
  if (planesAreEqual(raster)) return extract(raster, [0]);
  const tint = measureTint(raster, channel);
  if (tint.foreign <= MOST_FOREIGN && tint.stray <= MOST_STRAY) return extract(raster, OWN_PLANES[channel]);
  const colour = CHANNEL_COLOURS[channel];
  throw new InputError(
    'channel-colour',
    `${name}: is a colour picture, not the ${colour} (${channel}) channel alone: the other colours hold ` +
      `${tint.foreign.toFixed(2)} of the intensity of ${colour} (at most ${MOST_FOREIGN}) and ${tint.stray.toFixed(3)} ` +
      `of it where ${colour} is weaker (at most ${MOST_STRAY}); give a grey file with that channel only`,
    { values: { file: name, channel } },
  );
}

/**
 * The planes of a composite `ID_blue_red_green`: red = microtubules, green = protein, blue = nuclei.
 * @param name for messages
 * @throws InputError `composite-grey`
 */
export function compositePlanes(
  raster: PictureSamples,
  name: string,
): Record<'microtubules' | 'protein' | 'nuclei', Plane> {
  if (raster.samples === 1) {
    throw new InputError('composite-grey', `${name}: is grey; a composite blue_red_green has three colours`, {
      values: { file: name },
    });
  }
  return { microtubules: extract(raster, [0]), protein: extract(raster, [1]), nuclei: extract(raster, [2]) };
}

/** Which of the planes red 0, green 1, blue 2 a channel's tinted picture fills. */
const OWN_PLANES: Record<Channel, readonly number[]> = {
  microtubules: [0],
  protein: [1],
  nuclei: [2],
  er: [0, 1],
};

/**
 * JPEG stores colour coarsely, so a tinted picture bleeds into the planes that should be black. Measured: over the
 * atlas's 12 tinted JPEGs that we have the other planes hold at most 0.19 of the own plane's intensity, and 0.002 of it
 * where they outshine it; over 350 dim channels of the 2018 competition, tinted and stored at JPEG quality 75 and 90,
 * at most 0.38 and 0.040. Each of the atlas's 47 composites, taken for any one channel, has above 0.58 or above 0.06.
 */
const MOST_FOREIGN = 0.45;
const MOST_STRAY = 0.05;
/** Mean intensity, of full scale, that is added to the own plane: bleed does not shrink with a nearly black picture. */
const DARK_ALLOWANCE = 0.003;

/** How much of a colour picture is not in the channel's own colour, relative to what is. */
function measureTint(raster: PictureSamples, channel: Channel): { foreign: number; stray: number } {
  const { data } = raster;
  const [first, second] = OWN_PLANES[channel];
  const others = [0, 1, 2].filter((plane) => plane !== first && plane !== second);
  const foreignA = others[0];
  const foreignB = others[others.length - 1];
  let ownSum = 0;
  let foreignSum = 0;
  let straySum = 0;
  for (let i = 0; i < data.length; i += 3) {
    let own = data[i + first];
    let foreign = Math.max(data[i + foreignA], data[i + foreignB]);
    if (second !== undefined) {
      // Yellow is as much red as green: what one has more than the other is foreign.
      const other = data[i + second];
      foreign = Math.max(foreign, Math.abs(own - other));
      own = Math.max(own, other);
    }
    ownSum += own;
    foreignSum += foreign;
    if (foreign > own) straySum += foreign - own;
  }
  const scale = raster.bitDepth === 16 ? 65535 : 255;
  const total = ownSum + (data.length / 3) * DARK_ALLOWANCE * scale;
  return { foreign: foreignSum / total, stray: straySum / total };
}

function planesAreEqual({ data }: PictureSamples): boolean {
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

/** The stronger of the given planes at each pixel. */
function extract(raster: PictureSamples, planes: readonly number[]): Plane {
  const { data } = raster;
  const count = raster.width * raster.height;
  const out = raster.bitDepth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const first = planes[0];
  const last = planes[planes.length - 1];
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    const value = data[at + first];
    const other = data[at + last];
    out[i] = other > value ? other : value;
  }
  return planeOf(raster, out);
}

function planeOf({ width, height, bitDepth }: PictureSamples, data: Plane['data']): Plane {
  return { width, height, bitDepth, data };
}
