/** The description of an OME-TIFF: OME-XML, https://docs.openmicroscopy.org/ome-model/latest/ome-tiff/specification.html. */
import { InputError } from '../common/index.js';
import { LARGEST_PIXEL_SIZE_UM } from './pixel-size.js';

/** What an OME-TIFF says of its one image. */
export interface OmeImage {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly OmeChannel[];
  /** Edges of a pixel in um; null where the file does not say, or not in a unit of length. */
  readonly pixelUm: { readonly x: number; readonly y: number } | null;
}

export interface OmeChannel {
  /** Its name, else its fluorophore. */
  readonly name: string | null;
  /** Index of the page that holds it. */
  readonly page: number;
}

/** An element with the attributes of its start tag, by their names without prefix. */
interface Element {
  readonly path: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** What stands between the start tag and the next tag. */
  readonly text: string;
}

/**
 * Understands an OME-XML description of one image of one focal plane and one moment, one page a channel. As two of the three
 * further dimensions have the size 1, `DimensionOrder` does not matter.
 * @param name for messages
 * @throws InputError `image-ome` (no or bad OME-XML, other than one image, channels in other files), `image-stack` (focal
 *   planes or moments), `image-colour` (a page of several samples), `image-pages` (fewer pages than channels)
 */
export function parseOmeXml(xml: string, pages: number, name: string): OmeImage {
  const elements = elementsOf(xml, name);
  const all = (path: string) => elements.filter((element) => element.path === path);
  const images = all('OME/Image/Pixels');
  if (images.length !== 1) {
    const companion = all('OME/BinaryOnly')[0]?.attributes.get('MetadataFile');
    const found =
      companion === undefined
        ? `${images.length} images are described in it`
        : `its description lies in another file, ${companion}`;
    throw new InputError('image-ome', `${name}: ${found}; expected one image a file: save it as such`);
  }
  const { attributes } = images[0];
  const size = (axis: string) => {
    const value = Number(attributes.get(`Size${axis}`));
    if (Number.isInteger(value) && value > 0) return value;
    throw new InputError(
      'image-ome',
      `${name}: its OME-XML says Size${axis} ${attributes.get(`Size${axis}`) ?? 'nowhere'}; expected a whole number above 0`,
    );
  };
  expectOnePlane(size('Z'), size('T'), name);
  const channels = all('OME/Image/Pixels/Channel').map((channel) => channel.attributes);
  const coloured = channels.find((channel) => Number(channel.get('SamplesPerPixel') ?? 1) !== 1);
  if (coloured !== undefined) {
    throw new InputError(
      'image-colour',
      `${name}: its channel has ${coloured.get('SamplesPerPixel')} samples a pixel (a colour picture); expected a grey page for each channel`,
    );
  }
  const pageOf = pagesOf(elements, size('C'), pages, name);
  return {
    width: size('X'),
    height: size('Y'),
    channels: pageOf.map((page, c) => ({
      name: channels[c]?.get('Name')?.trim() || channels[c]?.get('Fluor')?.trim() || null,
      page,
    })),
    pixelUm: pixelUmOf(attributes),
  };
}

/**
 * Edge of a pixel in um as the file says it.
 * @returns null where it does not say
 * @throws InputError `image-pixel-size` where pixels are not square, or of no size that a microscope has
 */
export function squarePixelUm(pixelUm: OmeImage['pixelUm'], name: string): number | null {
  if (pixelUm === null) return null;
  const { x, y } = pixelUm;
  const plausible = x > 0 && y > 0 && x <= LARGEST_PIXEL_SIZE_UM && y <= LARGEST_PIXEL_SIZE_UM;
  if (plausible && Math.abs(x / y - 1) <= MOST_UNEQUAL) return x;
  throw new InputError(
    'image-pixel-size',
    `${name}: says that a pixel is ${x} x ${y} um; expected a square above 0 and at most ${LARGEST_PIXEL_SIZE_UM} um wide; say the pixel size yourself`,
  );
}

/** Edges that differ by less than this are one size, written with rounding. */
const MOST_UNEQUAL = 0.01;

function expectOnePlane(sizeZ: number, sizeT: number, name: string): void {
  if (sizeZ === 1 && sizeT === 1) return;
  const found = sizeZ > 1 ? `${sizeZ} focal planes (SizeZ)` : `${sizeT} moments (SizeT)`;
  throw new InputError(
    'image-stack',
    `${name}: holds ${found}; expected one: save one of them, or a maximum projection, as a file of its own`,
  );
}

/** The page of each channel, by the `TiffData` elements. */
function pagesOf(elements: readonly Element[], channels: number, pages: number, name: string): number[] {
  expectOneFile(elements, name);
  const pageOf = new Map<number, number>();
  for (const { path, attributes } of elements) {
    if (path !== 'OME/Image/Pixels/TiffData') continue;
    const number = (key: string) => Number(attributes.get(key) ?? 0);
    // Without a count: the one page that is named, or all of them.
    const count = attributes.has('PlaneCount') ? number('PlaneCount') : attributes.has('IFD') ? 1 : channels;
    for (let i = 0; i < Math.min(count, channels); i++) pageOf.set(number('FirstC') + i, number('IFD') + i);
  }
  const found = Array.from({ length: Math.min(channels, MOST_CHANNELS) }, (_, c) => pageOf.get(c));
  const known = found.filter((page) => page !== undefined && Number.isInteger(page) && page >= 0);
  const beyond = known.find((page) => page === undefined || page >= pages);
  if (known.length === channels && beyond === undefined && new Set(known).size === channels) {
    return known.flatMap((page) => page ?? []);
  }
  throw new InputError(
    'image-pages',
    `${name}: its OME-XML speaks of ${channels} channels, but its ${pages} ${pages === 1 ? 'page does' : 'pages do'} not hold each of them; get the file again, or save it anew`,
  );
}

/** More than any microscope takes: a bound for what a file may claim. */
const MOST_CHANNELS = 1000;

/** Planes may lie in other files, which are then named by their unique ids. */
function expectOneFile(elements: readonly Element[], name: string): void {
  const own = elements[0].attributes.get('UUID');
  const ids = elements.filter(({ path }) => path === 'OME/Image/Pixels/TiffData/UUID');
  const [first] = ids;
  const foreign = ids.find(({ text }) => text.trim() !== (own ?? first.text.trim()));
  if (foreign === undefined) return;
  throw new InputError(
    'image-ome',
    `${name}: some of its channels lie in another file, ${foreign.attributes.get('FileName') ?? foreign.text.trim()}; save all channels in one file`,
  );
}

/** Units of length of the schema that microscopes use, in um; both characters that look like a mu are met. */
const UNITS_UM: Readonly<Record<string, number>> = {
  m: 1e6,
  cm: 1e4,
  mm: 1e3,
  '\u00b5m': 1,
  '\u03bcm': 1,
  um: 1,
  nm: 1e-3,
  pm: 1e-6,
  '\u00c5': 1e-4,
  in: 25_400,
};

function pixelUmOf(attributes: ReadonlyMap<string, string>): OmeImage['pixelUm'] {
  const edge = (axis: 'X' | 'Y') => {
    const size = attributes.get(`PhysicalSize${axis}`);
    const unit = UNITS_UM[attributes.get(`PhysicalSize${axis}Unit`) ?? '\u00b5m'];
    // Twelve digits: 80 nm are 0.08 um, not 0.08000000000000002.
    return size === undefined || unit === undefined ? null : Number((Number(size) * unit).toPrecision(12));
  };
  const x = edge('X');
  const y = edge('Y');
  // A file that gives one edge means a square.
  return x === null && y === null ? null : { x: x ?? y ?? 0, y: y ?? x ?? 0 };
}

/** What is read of a description: elements elsewhere, as in annotations, may have the same names. */
const READ = new Set([
  'OME',
  'OME/BinaryOnly',
  'OME/Image/Pixels',
  'OME/Image/Pixels/Channel',
  'OME/Image/Pixels/TiffData',
  'OME/Image/Pixels/TiffData/UUID',
]);
const DEEPEST = 50;
const TAG = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>([^<]*)/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The elements that are read, with their paths; the first is the root. Entities of a DTD are not known, let alone expanded. */
function elementsOf(xml: string, name: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  for (const [, closing, tag, attributes, empty, text] of markupOf(xml, name).matchAll(TAG)) {
    const local = withoutPrefix(tag);
    if (closing) {
      if (open.pop() !== local) throw notOme(name, `has the end of an element ${local} that was not begun`);
      continue;
    }
    open.push(local);
    if (open.length > DEEPEST) throw notOme(name, `has elements more than ${DEEPEST} deep`);
    const path = open.join('/');
    if (elements.length === 0 && path !== 'OME') break;
    if (READ.has(path)) elements.push({ path, attributes: attributesOf(attributes), text });
    if (empty) open.pop();
  }
  if (elements.length === 0) throw notOme(name, 'is no OME-XML');
  if (open.length > 0) throw notOme(name, `ends within its element ${open[open.length - 1]}`);
  return elements;
}

const SKIPPED = /<!--|<!\[CDATA\[|<\?/g;
const SKIPPED_END: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };

/** The text without comments, CDATA and processing instructions. */
function markupOf(xml: string, name: string): string {
  const kept: string[] = [];
  let at = 0;
  // Not one expression for beginning and end: a text of many beginnings would be searched to its end for each.
  for (const { 0: start, index } of xml.matchAll(SKIPPED)) {
    if (index < at) continue;
    const end = xml.indexOf(SKIPPED_END[start], index + start.length);
    if (end < 0) throw notOme(name, `ends within ${start}`);
    kept.push(xml.slice(at, index));
    at = end + SKIPPED_END[start].length;
  }
  return kept.join('') + xml.slice(at);
}

function notOme(name: string, found: string): InputError {
  return new InputError(
    'image-ome',
    `${name}: its description ${found}; expected an OME-TIFF: save it as such (Bio-Formats, Fiji, QuPath), or give a file for each channel`,
  );
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [
      withoutPrefix(name),
      withoutEntities(double ?? single),
    ]),
  );
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex, decimal, named) => {
    if (named !== undefined) return ENTITIES[named] ?? all;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
