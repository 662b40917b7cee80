/** What the channels of an OME-TIFF show, as the visitor says it. */
import { InputError } from '../../common/index.js';
import { CHANNELS, type Channel, type OmeChannel } from '../../imaging/index.js';

/** What a channel is taken for; null: not said yet. */
export type Role = Channel | 'unused' | null;

/** The roles with another one for a channel; who had it before gets that channel's old one. */
export function giveRole(roles: readonly Role[], index: number, role: Role): Role[] {
  const isShared = role === 'unused' || role === null;
  return roles.map((other, i) => {
    if (i === index) return role;
    return !isShared && other === role ? roles[index] : other;
  });
}

/** Roles that are still to be given; one that may be left out only as long as it may be among the channels of which nothing is said. */
export function openRoles(roles: readonly Role[]): Channel[] {
  return CHANNELS.filter((channel) => !roles.includes(channel) && (channel !== 'er' || roles.includes(null)));
}

/**
 * The channels with a role, by what `assignChannels` and the API know them by.
 * @throws InputError `channel-unknown` where some channels are called by numbers and others have no name of their own
 */
export function channelNames(
  channels: readonly OmeChannel[],
  roles: readonly Role[],
  file: string,
): Readonly<Record<string, Channel>> {
  const names = channels.map(({ name }) => name?.toLowerCase() ?? '');
  // By numbers, since names may be missing or the same; but a number that is a name means the name.
  const byName = names.some((name) => /^\d+$/.test(name));
  if (byName && (names.includes('') || new Set(names).size < names.length)) {
    throw new InputError(
      'channel-unknown',
      `${file}: its channels are called ${names.join(', ')}; expected other names than numbers, or one for each: rename them`,
      { values: { file } },
    );
  }
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const role = roles[index];
      return role === null || role === 'unused' ? [] : [[byName ? name : `${index + 1}`, role]];
    }),
  );
}
