import { type Channel, channelPlane, compositePlanes, type Plane } from '../imaging/index.js';
import { readRaster } from './raster.js';

/**
 * Reads a file that holds one channel (see `channelPlane`).
 * @throws InputError as readRaster; `channel-colour`
 */
export async function readChannelPlane(path: string, channel: Channel): Promise<Plane> {
  return channelPlane(await readRaster(path), channel, path);
}

/**
 * Reads a composite `ID_blue_red_green` (see `compositePlanes`).
 * @throws InputError as readRaster; `composite-grey`
 */
export async function readComposite(
  path: string,
): Promise<Record<'microtubules' | 'protein' | 'nuclei', Plane>> {
  return compositePlanes(await readRaster(path), path);
}
