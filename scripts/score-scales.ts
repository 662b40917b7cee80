/**
 * Counts the cells of real fields at their own scale, at half and at twice that, the pixel size given:
 *   npx tsx scripts/score-scales.ts [--segmenter classical] [--data ../shared/data/hpa/fov]
 */
import { parseArgs } from 'node:util';
import { type FieldOfView, measureRegions, type Plane, resizeArea } from '../src/imaging/index.js';
import { ASSUMED_PIXEL_SIZES, findFields, readField } from '../src/io/index.js';
import { DEFAULT_SEGMENTER, openSegmenter } from '../src/runs/index.js';

const FACTORS = [0.5, 1, 2];

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/hpa/fov' },
    segmenter: { type: 'string', default: DEFAULT_SEGMENTER },
  },
});
const { segment } = await openSegmenter(values.segmenter);
console.log(['field', ...FACTORS.map((factor) => `x${factor}`)].join('\t'));
for (const source of (await findFields([values.data])).sources) {
  const field = await readField(source, ASSUMED_PIXEL_SIZES);
  const counts: number[] = [];
  for (const factor of FACTORS) {
    counts.push(measureRegions((await segment(resampled(field, factor))).cells).length);
  }
  console.log([field.id, ...counts].join('\t'));
}

function resampled(field: FieldOfView, factor: number): FieldOfView {
  const width = Math.round(field.width * factor);
  const height = Math.round(field.height * factor);
  const resize = (plane: Plane) => resizeArea(plane, width, height);
  const { microtubules, protein, nuclei, er } = field.channels;
  return {
    id: field.id,
    width,
    height,
    pixelSizeUm: field.pixelSizeUm / factor,
    channels: {
      microtubules: resize(microtubules),
      protein: resize(protein),
      nuclei: resize(nuclei),
      er: er === null ? null : resize(er),
    },
  };
}
