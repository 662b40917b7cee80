import { join } from 'node:path';
import { createRandom, InputError, LOCATIONS } from '../common/index.js';
import {
  CHANNELS,
  type FieldOfView,
  measureRegions,
  type Plane,
  type RgbImage,
  renderOverlay,
  resizeLabels,
  type Segmentation,
} from '../imaging/index.js';
import { encodeRgbJpeg, loadRuntime, prepareFolder, writeFileAtomic } from '../io/index.js';
import {
  CHANNEL_PAIRS,
  type Comparison,
  channelCorrelation,
  type JudgedPatch,
  type JudgedPlane,
  judge,
  measureShapes,
  PATCH_PX,
  type Verdict,
} from '../realism/index.js';
import type { RealismPictures } from '../realism/report/index.js';
import { picture } from '../report/index.js';
import { segmentClassical } from '../segment/index.js';
import { type SynthSettings, simulateField, validateSynthSettings } from '../synthetic/index.js';
import { type DictionaryPicture, type RealData, readRealData } from './real-data.js';
import { resizeField } from './resized-field.js';

export interface RealismOptions {
  /** Synthetic fields to compare. */
  readonly images: number;
  readonly settings: SynthSettings;
  /** Folder with the real data, laid out as `../shared/data`: `hpa/fov`, `hpa/channels`, `hpa/dictionary`, `cells/masks`. */
  readonly real: string;
  /** The page to write. */
  readonly report: string;
  readonly onStage?: (stage: string) => void;
}

export interface RealismSummary {
  readonly report: string;
  /** Null where the real data are too few to learn from. */
  readonly judge: Pick<Verdict, 'accuracy' | 'byChannel' | 'learned'> | null;
}

/** Pixel size at which all is compared: that of the single channels of the 2018 competition. */
const COMPARED_PIXEL_UM = 0.32;
/** Gives the border cells of the masks in cells/masks: see `leastNucleusShare`. */
const MASKS_LEAST_NUCLEUS_SHARE = 0.9;
const MIXED_PICTURES = 8;
const MIXED_EDGE_PX = 320;
/** The dictionary's pictures are shown at half their size, and synthetic fields drawn at the same pixel size. */
const DICTIONARY_EDGE_PX = 410;
const DICTIONARY_PIXEL_UM = 0.16;

/**
 * Simulates fields and writes the page that sets them beside real ones.
 * @throws InputError `bad-synth-settings`, `no-real-data`, `judge-too-few`, `not-writable`; what reading a damaged file throws
 */
export async function runRealism(options: RealismOptions): Promise<RealismSummary> {
  const { images, settings, onStage = () => {} } = options;
  validateSynthSettings(settings);
  // Asked first: an hour's work must not end at a folder that cannot be written.
  await prepareFolder(join(options.report, '..'));
  onStage('reading the real data');
  const real = await readRealData(options.real, COMPARED_PIXEL_UM);
  onStage(`simulating ${images} fields`);
  const synthetic = Array.from({ length: images }, (_, index) =>
    atComparedSize(simulateField({ ...settings, leastNucleusShare: MASKS_LEAST_NUCLEUS_SHARE }, index)),
  );
  const planes: JudgedPlane[] = [
    ...real.planes,
    ...synthetic.flatMap(({ field }) =>
      CHANNELS.flatMap((channel) => {
        const plane = field.channels[channel];
        return plane === null ? [] : [{ field: field.id, channel, plane, synthetic: true }];
      }),
    ),
  ];
  onStage('training the judge');
  const verdict =
    real.planes.length > 0
      ? await judge(await loadRuntime(), planes, settings.seed, (epoch, epochs) => {
          onStage(`judge: epoch ${epoch} of ${epochs}`);
        })
      : null;
  onStage('measuring and drawing');
  const syntheticFields = synthetic.map(({ field }) => field);
  const { realismReport } = await import('../realism/report/index.js');
  const text = realismReport({
    planes,
    pixelSizeUm: COMPARED_PIXEL_UM,
    fieldFigures: compareFields(real.fields, syntheticFields.slice(0, Math.max(12, real.fields.length))),
    shapes: {
      real: real.masks,
      synthetic: synthetic.map(({ segmentation }) => measureShapes(segmentation.cells, COMPARED_PIXEL_UM)),
    },
    verdict,
    pictures: await drawPictures(real, syntheticFields, settings, verdict),
    notes: [
      ...real.notes,
      `${images} synthetic fields of seed ${settings.seed}, ${settings.width} x ${settings.height} px of ${settings.pixelSizeUm.toFixed(3)} um`,
      `all compared at ${COMPARED_PIXEL_UM} um a pixel, 8 bit`,
      `shapes: the synthetic truth without cells of whose nucleus less than ${100 * MASKS_LEAST_NUCLEUS_SHARE} % lies in the field, as in cells/masks`,
    ],
  });
  await writeFileAtomic(options.report, text);
  const { report } = options;
  if (verdict === null) return { report, judge: null };
  const { accuracy, byChannel, learned } = verdict;
  return { report, judge: { accuracy, byChannel, learned } };
}

function atComparedSize({ field, segmentation }: { field: FieldOfView; segmentation: Segmentation }) {
  const { cells, nuclei } = segmentation;
  const resized = resizeField(field, COMPARED_PIXEL_UM);
  if (resized === field) return { field, segmentation };
  const { width, height } = resized;
  return {
    field: resized,
    segmentation: { cells: resizeLabels(cells, width, height), nuclei: resizeLabels(nuclei, width, height) },
  };
}

/** Correlations of channels, and areas as our own segmenter finds them on both: no real nuclei are outlined otherwise. */
function compareFields(real: readonly FieldOfView[], synthetic: readonly FieldOfView[]): Comparison[] {
  const sides = [real, synthetic].map((fields) => ({
    fields,
    areas: fields.flatMap((field) => segmentedAreas(field)),
  }));
  const correlations = CHANNEL_PAIRS.map((pair): Comparison => {
    const [a, b] = sides.map(({ fields }) =>
      fields.map((field) => channelCorrelation(field, pair)).filter((value) => value !== null),
    );
    return { name: `correlation: ${pair.join(' with ')}`, real: a, synthetic: b };
  });
  const figure = (name: string, value: (areas: SegmentedAreas) => number): Comparison => ({
    name: `segmented: ${name}`,
    real: sides[0].areas.map(value),
    synthetic: sides[1].areas.map(value),
  });
  return [
    ...correlations,
    figure('cell area in um2', ({ cellUm2 }) => cellUm2),
    figure('nucleus area in um2', ({ nucleusUm2 }) => nucleusUm2),
    figure('nucleus over cell', ({ cellUm2, nucleusUm2 }) => nucleusUm2 / cellUm2),
  ];
}

interface SegmentedAreas {
  readonly cellUm2: number;
  readonly nucleusUm2: number;
}

function segmentedAreas(field: FieldOfView): SegmentedAreas[] {
  const { cells, nuclei } = segmentClassical(field);
  const perPx = field.pixelSizeUm * field.pixelSizeUm;
  const nucleusPx = new Map(measureRegions(nuclei).map(({ label, areaPx }) => [label, areaPx]));
  return measureRegions(cells)
    .filter(({ touchesEdge }) => !touchesEdge)
    .map(({ label, areaPx }) => ({
      cellUm2: areaPx * perPx,
      nucleusUm2: (nucleusPx.get(label) ?? 0) * perPx,
    }));
}

async function drawPictures(
  real: RealData,
  synthetic: readonly FieldOfView[],
  settings: SynthSettings,
  verdict: Verdict | null,
): Promise<RealismPictures> {
  const mixed = [
    ...real.fields.slice(0, MIXED_PICTURES).map((field) => ({ field, caption: `real: ${field.id}` })),
    ...synthetic.slice(0, MIXED_PICTURES).map((field) => ({ field, caption: `synthetic: ${field.id}` })),
  ];
  const random = createRandom(settings.seed);
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return {
    mixed: await Promise.all(
      mixed.map(({ field, caption }) => show(composite(cropField(field, MIXED_EDGE_PX)), caption)),
    ),
    byLocation: await drawLocations(real.dictionary, settings),
    patches: verdict === null ? [] : await drawPatches(verdict.patches),
  };
}

/** The dictionary's pictures of each location beside a synthetic field that shows nothing else. */
async function drawLocations(dictionary: readonly DictionaryPicture[], settings: SynthSettings) {
  const rows = [];
  for (const [id, name] of LOCATIONS.entries()) {
    const textbook = dictionary.filter(({ location }) => location === id);
    if (textbook.length === 0) continue;
    const pictures = [];
    for (const { field, name: shown } of textbook) {
      const resized = resizeField(field, DICTIONARY_PIXEL_UM);
      pictures.push(await show(composite(cropField(resized, DICTIONARY_EDGE_PX)), `real: ${shown}`));
    }
    const { field } = simulateField(
      {
        ...settings,
        width: DICTIONARY_EDGE_PX,
        height: DICTIONARY_EDGE_PX,
        pixelSizeUm: DICTIONARY_PIXEL_UM,
        bitDepth: 8,
        locations: [id],
        coverage: [0.6, 0.8],
        labelNoise: { exact: 1, part: 0, none: 0, other: 0 },
      },
      id,
    );
    pictures.push(
      await show(composite({ ...field, channels: { ...field.channels, er: null } }), 'synthetic'),
    );
    rows.push({ name, pictures });
  }
  return rows;
}

const PATCHES_SHOWN = 12;

async function drawPatches(patches: readonly JudgedPatch[]) {
  const byScore = (synthetic: boolean) =>
    patches.filter((patch) => patch.synthetic === synthetic).sort((a, b) => a.score - b.score);
  const rows = [
    { title: 'Synthetic, taken for real', chosen: byScore(true).slice(0, PATCHES_SHOWN) },
    { title: 'Synthetic, found out', chosen: byScore(true).slice(-PATCHES_SHOWN) },
    { title: 'Real, taken for synthetic', chosen: byScore(false).slice(-PATCHES_SHOWN) },
    { title: 'Real, and known to be', chosen: byScore(false).slice(0, PATCHES_SHOWN) },
  ];
  return Promise.all(
    rows.map(async ({ title, chosen }) => ({
      title,
      pictures: await Promise.all(chosen.map((patch) => show(greyPatch(patch), patch.channel, 2 * PATCH_PX))),
    })),
  );
}

function greyPatch({ pixels }: JudgedPatch): RgbImage {
  const data = Uint8Array.from({ length: 3 * pixels.length }, (_, i) =>
    Math.round(255 * pixels[Math.floor(i / 3)]),
  );
  return { width: PATCH_PX, height: PATCH_PX, data };
}

async function show(image: RgbImage, caption: string, width?: number): Promise<string> {
  const jpegBase64 = Buffer.from(await encodeRgbJpeg(image)).toString('base64');
  return picture({ jpegBase64, alt: caption, caption, ...(width === undefined ? {} : { width }) });
}

/** The channels in their colours, without outlines. */
function composite(field: FieldOfView): RgbImage {
  const { width, height } = field;
  const none = () => ({ width, height, data: new Int32Array(width * height) });
  return renderOverlay(field, { cells: none(), nuclei: none() });
}

/** The middle of a field, at most `edgePx` a side. */
function cropField(field: FieldOfView, edgePx: number): FieldOfView {
  const width = Math.min(edgePx, field.width);
  const height = Math.min(edgePx, field.height);
  const left = (field.width - width) >> 1;
  const top = (field.height - height) >> 1;
  const crop = (plane: Plane): Plane => {
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[y * width + x] = plane.data[(y + top) * field.width + x + left];
    }
    return { width, height, bitDepth: 8, data };
  };
  if (field.channels.protein.bitDepth !== 8) {
    throw new InputError('crop-depth', `field ${field.id}: pictures are cut from 8-bit planes`);
  }
  const { microtubules, protein, nuclei, er } = field.channels;
  return {
    ...field,
    width,
    height,
    channels: {
      microtubules: crop(microtubules),
      protein: crop(protein),
      nuclei: crop(nuclei),
      er: er === null ? null : crop(er),
    },
  };
}
