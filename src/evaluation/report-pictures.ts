import { LOCATIONS } from '../common/index.js';
import type { FieldOfView, Plane, RgbImage } from '../imaging/index.js';
import { encodeRgbPng, findFields, readField } from '../io/index.js';
import { picture, section } from '../report/index.js';
import { calledLocations } from '../scoring/index.js';
import type { Evaluation } from './evaluation.js';
import { drawCell, drawField } from './pictures.js';
import { three } from './report-figures.js';
import { cellError, type DrawnCell, type DrawnField, fieldScore } from './worst.js';

const FIELD_PX = 440;
const CELL_PX = 200;

/**
 * The worst fields and cells as pictures.
 * @param images folder of the fields of view, to draw on
 * @throws InputError what is wrong with the images
 */
export async function pictureSections(evaluation: Evaluation, images: string | undefined): Promise<string[]> {
  const backgroundOf = await openBackgrounds(images);
  const { fields, missed, wrong } = evaluation.worst;
  const drawn = async (image: RgbImage, alt: string, caption: string) =>
    picture({ pngBase64: Buffer.from(await encodeRgbPng(image)).toString('base64'), alt, caption });
  const cells = (list: readonly DrawnCell[], captionOf: (cell: DrawnCell) => string) =>
    inTurn(list, async (cell) =>
      drawn(
        drawCell(cell, await backgroundOf(cell.field), CELL_PX),
        `outlines of ${cell.record.name} of field ${cell.field.id}`,
        captionOf(cell),
      ),
    );
  const legend =
    'Green: true outlines (bright: the cell in question); orange: predicted ones' +
    (images === undefined ? '. With --images DIR they are drawn on the protein.' : ', on the protein.');
  const sections: [heading: string, pictures: string[], text: string][] = [
    [
      'Worst fields',
      await inTurn(fields, async (field) =>
        drawn(
          drawField(field, await backgroundOf(field), FIELD_PX),
          `true and predicted outlines of field ${field.id}`,
          `${field.id}: ${three(fieldScore(field.scores))}; ${field.scores.trueCells} true cells, ${field.scores.predictedCells} predicted`,
        ),
      ),
      `Those of the lowest ${evaluation.knowsLocations ? 'mAP, taken alone' : 'F1 of outlines'}. ${legend}`,
    ],
    [
      'Worst cells: not found',
      await cells(missed, ({ field, record }) => `${field.id}, ${record.name}: ${record.areaPx} px`),
      `No predicted cell has an IoU of 0.5 with them; the largest first. ${legend}`,
    ],
    [
      evaluation.knowsLocations ? 'Worst cells: wrong locations' : 'Worst cells: wrong outlines',
      await cells(wrong, describeWrong),
      `${evaluation.knowsLocations ? 'Found, but their scores are farthest from the truth (mean squared distance).' : 'Found, but with the lowest IoU.'} ${legend}`,
    ],
  ];
  return sections
    .filter(([, pictures]) => pictures.length > 0)
    .map(([heading, pictures, text]) => section(heading, pictures, { row: true, text }));
}

/** One after the other: a field's planes are large. */
async function inTurn<T>(items: readonly T[], make: (item: T) => Promise<string>): Promise<string[]> {
  const made: string[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

function describeWrong({ field, record }: DrawnCell): string {
  const { name, locations, scores, iou } = record;
  if (locations === null || scores === null) return `${field.id}, ${name}: IoU ${three(iou)}`;
  const [top] = calledLocations(scores, Math.max(...scores));
  const names = locations.map((id) => LOCATIONS[id]).join(', ') || 'none';
  return (
    `${field.id}, ${name}: truly ${names}; highest score ${LOCATIONS[top]} ${scores[top].toFixed(2)} ` +
    `(distance ${three(cellError(record))})`
  );
}

/** The protein of a field, where its images are at hand and of its size. */
async function openBackgrounds(
  folder: string | undefined,
): Promise<(field: DrawnField) => Promise<Plane | null>> {
  if (folder === undefined) return async () => null;
  const { sources } = await findFields([folder]);
  const bySource = new Map(sources.map((source) => [source.id, source]));
  let last: FieldOfView | null = null;
  return async ({ id, width, height }) => {
    const source = bySource.get(id);
    if (source === undefined) return null;
    if (last?.id !== id) last = await readField(source);
    const { protein } = last.channels;
    return protein.width === width && protein.height === height ? protein : null;
  };
}
