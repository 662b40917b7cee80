import { InputError } from '../common/index.js';
import { CHANNEL_WORDS } from './channel-words.js';
import type { OmeChannel } from './ome-xml.js';
import { CHANNELS, type Channel } from './plane.js';

/** The page of each channel of a field; `er` may be missing. */
export type ChannelPages = Readonly<Record<Exclude<Channel, 'er'>, number>> & { readonly er: number | null };

/**
 * Which page of an OME-TIFF holds which channel of the field.
 *
 * @param given what the file calls the channels, by name (in lower case) or number from 1 on (a number that is one of the names is a
 *   name): what it does not name is left out.
 *   null: channels are told by the words in their names (`CHANNEL_WORDS`), and each of the file must be told so
 * @param name for messages
 * @throws InputError `channel-unknown`, `channel-twice`, `channel-missing`, each naming the file's channels
 */
export function assignChannels(
  found: readonly OmeChannel[],
  given: ReadonlyMap<string, Channel> | null,
  name: string,
): ChannelPages {
  const pages = new Map<Channel, number>();
  const problem = (code: string, what: string) => new InputError(code, describe(found, name, what));
  for (const [index, channel] of found.entries()) {
    const meant = given === null ? guess(channel) : namedIn(given, channel, index, found);
    if (meant.length > 1) {
      throw problem('channel-twice', `${label(channel, index)} may be ${meant.join(' or ')}`);
    }
    const [role] = meant;
    if (role === undefined) {
      if (given !== null) continue;
      throw problem('channel-unknown', `which of them ${label(channel, index)} is cannot be told`);
    }
    if (pages.has(role)) throw problem('channel-twice', `more than one of them is ${role}`);
    pages.set(role, channel.page);
  }
  const missing = CHANNELS.filter((role) => role !== 'er' && !pages.has(role));
  if (missing.length > 0) throw problem('channel-missing', `none of them is ${missing.join(', none ')}`);
  const page = (role: Channel) => pages.get(role) ?? 0;
  return {
    microtubules: page('microtubules'),
    protein: page('protein'),
    nuclei: page('nuclei'),
    er: pages.get('er') ?? null,
  };
}

/** What the names of an OME-TIFF's channels say that they are; null where a name says nothing, too much, or what another says too. */
export function guessChannels(found: readonly OmeChannel[]): (Channel | null)[] {
  const guesses = found.map((channel) => guess(channel));
  const said = guesses.flat();
  return guesses.map(([role, ...more]) =>
    role === undefined || more.length > 0 || said.indexOf(role) !== said.lastIndexOf(role) ? null : role,
  );
}

function guess({ name }: OmeChannel): Channel[] {
  return name === null ? [] : CHANNELS.filter((role) => CHANNEL_WORDS[role].test(name));
}

function namedIn(
  given: ReadonlyMap<string, Channel>,
  { name }: OmeChannel,
  index: number,
  found: readonly OmeChannel[],
): Channel[] {
  const number = `${index + 1}`;
  const isName = found.some((other) => other.name === number);
  const keys = [name?.toLowerCase(), isName ? undefined : number];
  return [...new Set(keys.flatMap((key) => (key === undefined ? [] : (given.get(key) ?? []))))];
}

function label({ name }: OmeChannel, index: number): string {
  return name === null ? `channel ${index + 1} (without a name)` : `"${name}"`;
}

function describe(found: readonly OmeChannel[], file: string, what: string): string {
  const names = found.every(({ name }) => name === null)
    ? `${found.length} without names`
    : found.map(label).join(', ');
  return (
    `${file}: its channels are ${names}; ${what}; say which is which by the option channels, by name ` +
    'or number, such as Cy5=microtubules,GFP=protein,DAPI=nuclei or 3=microtubules,2=protein,1=nuclei,4=er'
  );
}
