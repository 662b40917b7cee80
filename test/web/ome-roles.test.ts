import { expect, test } from 'vitest';
import { assignChannels, type OmeChannel } from '../../src/imaging/index.js';
import { channelNames, giveRole, openRoles, type Role } from '../../src/web/page/ome-roles.js';

const ALL: readonly Role[] = ['nuclei', 'protein', 'microtubules', 'er'];

test('a role that another channel has goes over, for the old one in return', () => {
  expect(giveRole(ALL, 0, 'er')).toEqual(['er', 'protein', 'microtubules', 'nuclei']);
  expect(giveRole([null, 'protein'], 0, 'protein')).toEqual(['protein', null]);
});

test('any number of channels may be unused, or not said', () => {
  expect(giveRole(['unused', 'er', null], 1, 'unused')).toEqual(['unused', 'unused', null]);
  expect(giveRole(['unused', 'er', null], 1, null)).toEqual(['unused', null, null]);
});

test.each<[Role[], string[]]>([
  [[...ALL], []],
  [
    [null, null, null],
    ['microtubules', 'protein', 'nuclei', 'er'],
  ],
  // The one that is not said may be the ER, until it is said that it is not.
  [['nuclei', 'protein', 'microtubules', null], ['er']],
  [['nuclei', 'protein', 'microtubules', 'unused'], []],
  [['nuclei', 'protein', 'microtubules'], []],
  [['nuclei', 'unused', 'microtubules'], ['protein']],
  // All four are known: a fifth channel is nothing that is looked for.
  [[...ALL, null], []],
])('of %j there remain %j', (roles, open) => {
  expect(openRoles(roles)).toEqual(open);
});

test.each([
  [['DAPI', 'GFP', 'Cy3', 'Cy5']],
  [[null, null, null, null]],
  [['A', 'A', 'A', 'A']],
  [['0', '1', '2', '3']],
  [['1', '2', '3', '4']],
])('channels %j are known again by the names that they are given', (names) => {
  const channels: OmeChannel[] = names.map((name, page) => ({ name, page }));
  const roles: Role[] = ['unused', 'nuclei', 'microtubules', 'protein'];
  const given = new Map(Object.entries(channelNames(channels, roles, 'x')));
  expect(assignChannels(channels, given, 'x')).toEqual({ microtubules: 2, protein: 3, nuclei: 1, er: null });
});

test.each([[['2', null, null, null]], [['2', 'A', 'a', 'B']]])(
  'channels %j cannot be named: a number would mean two of them',
  (names) => {
    const channels: OmeChannel[] = names.map((name, page) => ({ name, page }));
    const roles: Role[] = ['nuclei', 'microtubules', 'protein', 'unused'];
    expect(() => channelNames(channels, roles, 'x.ome.tif')).toThrow(
      /^x.ome.tif: its channels are called 2, /,
    );
  },
);
