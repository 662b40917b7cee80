import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/common/index.js';
import {
  assignChannels,
  guessChannels,
  type OmeChannel,
  parseOmeXml,
  squarePixelUm,
} from '../../src/imaging/index.js';
import { omeXml } from '../io/ome.js';

const SIZE = { width: 8, height: 6 };

/** `code | message` of what is thrown. */
function problem(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return `${error.code} | ${error.message}`;
    throw error;
  }
  return 'no problem';
}

describe('a description', () => {
  test('of four channels', () => {
    expect(parseOmeXml(omeXml(SIZE), 4, 'x')).toEqual({
      ...SIZE,
      channels: ['microtubules', 'protein', 'nuclei', 'er'].map((name, page) => ({ name, page })),
      pixelUm: null,
    });
  });

  test('with prefixes, entities, single quotes, and elements of the same names elsewhere', () => {
    const xml = `<ome:OME xmlns:ome="x"><ome:Image><ome:Pixels SizeX='8' SizeY='6' SizeZ='1' SizeC='1' SizeT='1'>
      <ome:Channel ome:Name = 'a &amp; &#181;&#xB5; &lt;b&gt;' /><ome:TiffData/></ome:Pixels></ome:Image>
      <ome:StructuredAnnotations><Value><Image><Pixels SizeX="1"/></Image></Value><![CDATA[<Image>]]></ome:StructuredAnnotations></ome:OME>`;
    expect(parseOmeXml(xml, 1, 'x').channels).toEqual([{ name: 'a & µµ <b>', page: 0 }]);
  });

  test.each([
    ['one element for all', '<TiffData/>', [0, 1, 2, 3]],
    ['none', '', 'image-pages'],
    ['a count', '<TiffData IFD="0" PlaneCount="4"/>', [0, 1, 2, 3]],
    ['a first page', '<TiffData IFD="1" PlaneCount="4"/>', [1, 2, 3, 4]],
    [
      'an element a page, out of order',
      [3, 0, 2, 1].map((c, page) => `<TiffData FirstC="${c}" FirstZ="0" FirstT="0" IFD="${page}"/>`).join(''),
      [1, 3, 2, 0],
    ],
    ['a page twice', '<TiffData IFD="0" PlaneCount="3"/><TiffData IFD="2" FirstC="3"/>', 'image-pages'],
    ['a page that is not there', '<TiffData IFD="2" PlaneCount="4"/>', 'image-pages'],
    ['a count of a billion', '<TiffData PlaneCount="1000000000"/>', [0, 1, 2, 3]],
    [
      'pages of this file by its id',
      '<TiffData IFD="0" PlaneCount="4"><UUID FileName="old.ome.tif">urn:uuid:a</UUID></TiffData>',
      [0, 1, 2, 3],
    ],
    [
      'pages in other files',
      '<TiffData IFD="0" PlaneCount="4"><UUID FileName="b.ome.tif">urn:uuid:b</UUID></TiffData>',
      'image-ome',
    ],
  ])('finds the pages by TiffData: %s', (_, tiffData, expected) => {
    const parse = () => parseOmeXml(omeXml({ ...SIZE, tiffData }), 5, 'x');
    if (typeof expected === 'string') expect(problem(parse)).toMatch(expected);
    else expect(parse().channels.map(({ page }) => page)).toEqual(expected);
  });

  test.each([
    ['', 'null'],
    ['PhysicalSizeX="0.08"', '0.08 0.08'],
    ['PhysicalSizeX="0.08" PhysicalSizeXUnit="µm" PhysicalSizeY="80" PhysicalSizeYUnit="nm"', '0.08 0.08'],
    ['PhysicalSizeX="0.00008" PhysicalSizeXUnit="mm" PhysicalSizeY="0.1"', '0.08 0.1'],
    ['PhysicalSizeX="1" PhysicalSizeXUnit="pixel"', 'null'],
  ])('says the size of a pixel: %s', (pixels, expected) => {
    const { pixelUm } = parseOmeXml(omeXml({ ...SIZE, pixels }), 4, 'x');
    expect(pixelUm === null ? 'null' : `${pixelUm.x} ${pixelUm.y}`).toBe(expected);
  });

  test('pixels must be square and of a plausible size', () => {
    expect(squarePixelUm({ x: 0.08, y: 0.0801 }, 'x')).toBe(0.08);
    for (const pixelUm of [
      { x: 0.08, y: 0.1 },
      { x: 0, y: 0 },
      { x: 26458, y: 26458 },
      { x: NaN, y: 1 },
    ]) {
      expect(problem(() => squarePixelUm(pixelUm, 'x'))).toMatch(/^image-pixel-size \| x: says/);
    }
  });

  test.each([
    ['stacks', omeXml({ ...SIZE, sizeZ: 12 }), /^image-stack .*12 focal planes.*maximum projection/],
    ['time series', omeXml({ ...SIZE, sizeT: 3 }), /^image-stack .*3 moments/],
    [
      'colour',
      omeXml(SIZE).replace('SamplesPerPixel="1"', 'SamplesPerPixel="3"'),
      /^image-colour .*3 samples/,
    ],
    [
      'two images',
      omeXml(SIZE).replace('</OME>', '<Image><Pixels SizeX="1"/></Image></OME>'),
      /^image-ome .*2 images/,
    ],
    ['a companion file', '<OME><BinaryOnly MetadataFile="c.companion.ome"/></OME>', /c\.companion\.ome/],
    ['no size', omeXml(SIZE).replace('SizeX="8"', ''), /^image-ome .*SizeX nowhere/],
    ['a size of words', omeXml(SIZE).replace('SizeX="8"', 'SizeX="wide"'), /SizeX wide/],
    ['other XML', '<svg><Image/></svg>', /^image-ome .*is no OME-XML/],
    ["ImageJ's text", 'ImageJ=1.54\nimages=4\nchannels=4\n', /^image-ome .*is no OME-XML/],
    ['half of it', omeXml(SIZE).slice(0, -30), /^image-ome .*ends within/],
    ['an open comment', `<OME><!-- ${'<!-- '.repeat(1000)}`, /^image-ome .*ends within <!--/],
    ['elements that cross', '<OME><Image></OME></Image>', /^image-ome .*was not begun/],
    ['a deep nest', '<OME>'.repeat(1000), /^image-ome .*deep/],
  ])('that cannot be used: %s', (_, xml, expected) => {
    expect(problem(() => parseOmeXml(xml, 4, 'x'))).toMatch(expected);
  });

  test('no text makes it fail otherwise than with its own words, or take long', () => {
    const piece = fc.constantFrom(
      '<',
      '</',
      '/>',
      '>',
      '<!--',
      '-->',
      '<OME',
      'OME',
      ' ',
      ' a="',
      '"',
      '&#x',
      ';',
      '<?',
      '<![CDATA[',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(problem(() => parseOmeXml(pieces.join(''), 1, 'x'))).toMatch(/^image-/);
      }),
    );
    for (const text of ['<!-- ', '<OME a="', '<a ', '<OME '.padEnd(1000), '<a><']) {
      expect(problem(() => parseOmeXml(text.repeat(2_000_000 / text.length), 1, 'x'))).toMatch(/^image-ome/);
    }
  });
});

describe('channels', () => {
  const named = (...names: (string | null)[]): OmeChannel[] => names.map((name, page) => ({ name, page }));
  const roles = (names: (string | null)[], given: Parameters<typeof assignChannels>[1] = null) =>
    assignChannels(named(...names), given, 'x');

  test.each([
    [
      ['red', 'green', 'blue', 'yellow'],
      [0, 1, 2, 3],
    ],
    [
      ['DAPI', 'anti-Tubulin (Alexa 555)', 'Target protein', 'ER'],
      [1, 2, 0, 3],
    ],
    [
      ['Hoechst 33342', 'Microtubules/red', 'antibody'],
      [1, 2, 0, null],
    ],
    [
      ['Ch1:Nuclei', 'Ch2_MT', 'Ch3-calreticulin', 'Ch4 green'],
      [1, 3, 0, 2],
    ],
  ])('are told by their names: %j', (names, [microtubules, protein, nuclei, er]) => {
    expect(roles(names)).toEqual({ microtubules, protein, nuclei, er });
  });

  test('are named by the user, by name or number; others are left out', () => {
    const given = new Map([
      ['cy5', 'microtubules'],
      ['2', 'protein'],
      ['dapi', 'nuclei'],
    ] as const);
    expect(roles(['Cy5', null, 'DAPI', 'ER', 'Brightfield'], given)).toEqual({
      ...{ microtubules: 0, protein: 1, nuclei: 2, er: null },
    });
  });

  test('a number that is one of the names is a name', () => {
    const given = new Map([
      ['0', 'nuclei'],
      ['1', 'protein'],
      ['2', 'microtubules'],
    ] as const);
    expect(roles(['0', '1', '2', '3'], given)).toEqual({ microtubules: 2, protein: 1, nuclei: 0, er: null });
  });

  test.each([
    [
      ['DAPI', 'target', 'tubulin', 'ER'],
      ['nuclei', 'protein', 'microtubules', 'er'],
    ],
    [
      ['DAPI', 'GFP', null, 'ER'],
      ['nuclei', null, null, 'er'],
    ],
    // One name that may be two, and two that are one: not told.
    [
      ['red', 'green ER', 'blue'],
      ['microtubules', null, 'nuclei'],
    ],
    [
      ['DAPI', 'Hoechst', 'green'],
      [null, null, 'protein'],
    ],
    [
      ['red', 'green ER', 'green', 'ER'],
      ['microtubules', null, null, null],
    ],
  ])('are guessed one by one, for a person to go on with: %j', (names, guessed) => {
    expect(guessChannels(named(...names))).toEqual(guessed);
  });

  test.each([
    [
      ['DAPI', 'GFP', 'tubulin'],
      /^channel-unknown \| x: its channels are "DAPI", "GFP", "tubulin"; which of them "GFP" is/,
    ],
    [[null, 'green', 'red'], /^channel-unknown .*channel 1 \(without a name\).*by name or number/],
    [[null, null, null], /^channel-unknown .*its channels are 3 without names; which of them channel 1/],
    [['DAPI', 'Hoechst', 'green', 'red'], /^channel-twice .*more than one of them is nuclei/],
    [['red', 'green ER', 'blue'], /^channel-twice .*"green ER" may be protein or er/],
    [['blue', 'green'], /^channel-missing .*none of them is microtubules/],
    [['Reddish', 'green', 'blue'], /^channel-unknown .*"Reddish"/],
  ])('that cannot be told are refused with their names: %j', (names, expected) => {
    expect(problem(() => roles(names))).toMatch(expected);
  });

  test('a name of the user that the file does not have', () => {
    const given = new Map([
      ['cy5', 'microtubules'],
      ['gfp', 'protein'],
      ['dapi', 'nuclei'],
    ] as const);
    expect(problem(() => roles(['Cy3', 'GFP', 'DAPI'], given))).toMatch(
      /^channel-missing \| x: its channels are "Cy3", "GFP", "DAPI"; none of them is microtubules; say which/,
    );
  });
});
