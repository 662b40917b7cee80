import { decode } from 'tiff';
import { expect, test } from 'vitest';
import { classicTiff, isTiff } from '../../src/web/page/big-tiff.js';
import { channelsInFile, readChosenField } from '../../src/web/page/picture.js';
import { multiPageTiff, type OmePage, omeXml } from '../io/ome.js';

/** Two rows of three pixels. */
const page = (first: number): OmePage => ({
  width: 3,
  height: 2,
  data: Uint16Array.from({ length: 6 }, (_, i) => first + 1000 * i),
});
const fileOf = (bytes: Uint8Array, name: string) => new File([Uint8Array.from(bytes)], name);

test.each(['II', 'MM'] as const)('a BigTIFF (%s) is read as the classic file is, page by page', (order) => {
  const pages = [page(1), page(2), page(3)];
  // Seven bytes: a BigTIFF has them in the entry, a classic file has not.
  for (const text of ['sevenB', 'a description of some length', 'abc']) {
    const found = decode(classicTiff(multiPageTiff(pages, text, order, 'big')));
    expect(found.map(({ data }) => data)).toEqual(pages.map(({ data }) => data));
    expect(found[0].imageDescription).toBe(text);
    expect(found[0].width).toBe(3);
  }
});

test('another file is left as it is', () => {
  for (const bytes of [multiPageTiff([page(1)], null), Buffer.from('no picture'), Buffer.alloc(0)]) {
    expect(classicTiff(bytes)).toBe(bytes);
  }
});

test.each([
  ['II*\0', true],
  ['MM\0+', true],
  ['II\0*', false],
  ['IM*\0', false],
  ['', false],
])('%j begins a TIFF: %s', (start, expected) => {
  expect(isTiff(Buffer.from(start, 'latin1'))).toBe(expected);
});

test('one that is cut short or leads in a circle is told as damaged', async () => {
  const whole = multiPageTiff([page(1), page(2)], null, 'II', 'big');
  const circle = Buffer.from(whole);
  circle.writeBigUInt64LE(whole.readBigUInt64LE(8), whole.length - 8);
  const far = Buffer.from(whole);
  far.writeBigUInt64LE(2n ** 40n, 8);
  for (const bytes of [whole.subarray(0, whole.length - 1), whole.subarray(0, 12), circle, far]) {
    expect(() => classicTiff(bytes)).toThrow(RangeError);
    await expect(channelsInFile(fileOf(bytes, 'x.ome.tif'))).rejects.toMatchObject({ code: 'image-damaged' });
  }
});

test('fields come as BigTIFFs, an OME-TIFF or a file for each channel', async () => {
  const pages = [page(10), page(20), page(30)];
  const xml = omeXml({ width: 3, height: 2, names: ['DAPI', 'tubulin', 'target'] });
  const image = fileOf(multiPageTiff(pages, xml, 'II', 'big'), 'f.ome.tif');
  const ome = await readChosenField({ name: 'f', files: { image } }, 0.1);
  const file = (index: number) => fileOf(multiPageTiff([pages[index]], null, 'MM', 'big'), `${index}.tif`);
  const files = { nuclei: file(0), microtubules: file(1), protein: file(2) };
  const single = await readChosenField({ name: 'f', files }, 0.1);
  expect(ome.channels.protein.data).toEqual(pages[2].data);
  expect(single).toEqual(ome);
});
