import { CHANNEL_COLOURS, CHANNELS, type Channel } from '../imaging/index.js';

/** What files call the channels, in lower case: `ID_NAME.png`, or the channel's name (or number from 1 on) in an OME-TIFF. */
export type ChannelNames = ReadonlyMap<string, Channel>;

/** The atlas's colours. */
export const ATLAS_CHANNEL_NAMES: ChannelNames = new Map(
  CHANNELS.map((channel) => [CHANNEL_COLOURS[channel], channel]),
);

/**
 * Understands names such as `dapi=nuclei,gfp=protein,tubulin=microtubules,calr=er`; only `er` may be left out.
 * @returns null where the text is no such list
 */
export function parseChannelNames(text: string): ChannelNames | null {
  const pairs = text.split(',').map((pair) => pair.split('=').map((word) => word.trim()));
  const names = new Map<string, Channel>();
  for (const [name, channelName, ...more] of pairs) {
    const channel = CHANNELS.find((known) => known === channelName);
    if (channel === undefined || more.length > 0 || !/^[^/\\]+$/.test(name)) return null;
    names.set(name.toLowerCase(), channel);
  }
  const given = [...names.values()];
  const once = names.size === pairs.length && new Set(given).size === given.length;
  return once && CHANNELS.every((channel) => channel === 'er' || given.includes(channel)) ? names : null;
}

/** What the channel's file is called: `ID_SUFFIX.png`. */
export function suffixOf(channel: Channel, names: ChannelNames): string {
  for (const [name, named] of names) if (named === channel) return name;
  return channel;
}

/** A channel for messages: what it shows, and what its file is called. */
export function labelOf(channel: Channel, names: ChannelNames): string {
  const suffix = suffixOf(channel, names);
  return suffix === channel ? channel : `${channel} (${suffix})`;
}
