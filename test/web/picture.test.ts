import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { CHANNELS } from '../../src/imaging/index.js';
import type { ChosenField, Part } from '../../src/web/page/names.js';
import { readChosenField } from '../../src/web/page/picture.js';

type Pixels = Uint8Array | Uint16Array;

function png(name: string, data: Pixels, channels: 1 | 2 | 3 | 4 = 1, width = 2): File {
  const height = data.length / channels / width;
  const depth = data instanceof Uint16Array ? 16 : 8;
  return new File([Uint8Array.from(encode({ width, height, data, channels, depth }))], name);
}

const grey = (name: string, ...values: number[]) => png(name, Uint8Array.from(values));
const FILES = {
  microtubules: grey('r.png', 1, 2, 3, 4),
  protein: grey('g.png', 5, 6, 7, 8),
  nuclei: grey('b.png', 9, 10, 11, 12),
};
const read = (files: Partial<Record<Part, File>>, pixelSizeUm: number | null = 0.1) =>
  readChosenField({ name: 'f', files } satisfies ChosenField, pixelSizeUm);

test('pixels come as they are stored, 8 and 16 bit; a missing ER is null', async () => {
  const field = await read({ ...FILES, protein: png('g.png', Uint16Array.from([5, 256, 65535, 0])) });
  expect(field).toMatchObject({ id: 'f', width: 2, height: 2, pixelSizeUm: 0.1 });
  expect(CHANNELS.map((channel) => field.channels[channel]?.data)).toEqual([
    Uint8Array.from([1, 2, 3, 4]),
    Uint16Array.from([5, 256, 65535, 0]),
    Uint8Array.from([9, 10, 11, 12]),
    undefined,
  ]);
});

test('an opaque alpha plane is dropped', async () => {
  const field = await read({ ...FILES, nuclei: png('b.png', Uint8Array.from([9, 255, 8, 255]), 2) }).catch(
    ({ code }) => code,
  );
  expect(field).toBe('channel-size');
  const whole = png('b.png', Uint8Array.from([9, 255, 8, 255, 7, 255, 6, 255]), 2);
  expect((await read({ ...FILES, nuclei: whole })).channels.nuclei.data).toEqual(
    Uint8Array.from([9, 8, 7, 6]),
  );
});

test('a composite holds three channels', async () => {
  const composite = png('c.png', Uint8Array.from([1, 2, 3, 4, 5, 6]), 3);
  const { channels } = await read({ composite });
  expect([...channels.microtubules.data, ...channels.protein.data, ...channels.nuclei.data]).toEqual([
    1, 4, 2, 5, 3, 6,
  ]);
});

/** A PNG whose head claims so many pixels. */
function claiming(width: number, height: number): File {
  const bytes = Uint8Array.from(encode({ width: 1, height: 1, data: new Uint8Array(1), channels: 1 }));
  const head = new DataView(bytes.buffer);
  head.setUint32(16, width);
  head.setUint32(20, height);
  return new File([bytes], 'huge.png');
}

test.each([
  ['no nuclei', { nuclei: undefined }, 'channel-missing', { missing: 'nuclei' }],
  ['another size', { nuclei: grey('b.png', 1, 2) }, 'channel-size', { first: '2 × 2', other: '2 × 1' }],
  ['an empty file', { nuclei: new File([], 'b.png') }, 'file-empty', { file: 'b.png' }],
  ['text', { nuclei: new File(['hello'], 'b.png') }, 'image-format', { file: 'b.png' }],
  ['a file cut short', { nuclei: FILES.nuclei.slice(0, 40) as File }, 'image-damaged', {}],
  ['100,000 x 100,000 pixels', { nuclei: claiming(1e5, 1e5) }, 'image-too-large', { file: 'huge.png' }],
  [
    'transparent pixels',
    { nuclei: png('b.png', Uint8Array.from([9, 255, 8, 255, 7, 255, 6, 0]), 2) },
    'image-transparent',
    { file: 'b.png' },
  ],
  [
    'a colour picture for a channel',
    {
      nuclei: png(
        'b.png',
        Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
        3,
      ),
    },
    'channel-colour',
    { file: 'b.png', channel: 'nuclei' },
  ],
])('%s is told by code and values', async (_, files, code, values) => {
  await expect(read({ ...FILES, ...files })).rejects.toMatchObject({ code, values });
});
