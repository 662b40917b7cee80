import { formatCsvRow, LOCATIONS } from '../common/index.js';
import type { LabelImage, Segmentation } from '../imaging/index.js';
import {
  COCO_CATEGORIES,
  type CocoAnnotation,
  cocoAnnotations,
  encodeLabelImage,
  type Outline,
  type Ring,
  type Rle,
  traceOutlines,
} from '../masks/index.js';
import { SUBMISSION_COLUMNS, type SubmissionCell, submissionRow } from '../scoring/index.js';
import type { CellPrediction } from './prediction.js';
import { callLocations, rankLocations } from './summary.js';
import { cellColumns, cellRow, type FieldSummary, fieldColumns, fieldRow } from './tables.js';

/**
 * A field's `cells.csv`.
 * @param threshold see `judgeCell`
 */
export function cellsCsv(field: string, cells: readonly CellPrediction[], threshold: number): string {
  const rows = cells.map((cell) => formatCsvRow(cellRow(field, cell, threshold)));
  return formatCsvRow(cellColumns(isScored(cells))) + rows.join('');
}

/** A field's `fields.csv`: one row. */
export function fieldsCsv(summary: FieldSummary): string {
  return formatCsvRow(fieldColumns(summary.scores !== null)) + formatCsvRow(fieldRow(summary));
}

/** A field's `submission.csv`: one row. */
export function submissionCsv(field: string, labels: LabelImage, cells: readonly CellPrediction[]): string {
  const image = { id: field, width: labels.width, height: labels.height };
  return (
    formatCsvRow(SUBMISSION_COLUMNS) + formatCsvRow(submissionRow(image, submissionCells(labels, cells)))
  );
}

/** The cells as a submission lists them; a cell that the label image lacks gets an empty mask, one without scores zeros. */
export function submissionCells(labels: LabelImage, cells: readonly CellPrediction[]): SubmissionCell[] {
  const masks = encodeLabelImage(labels);
  const { width, height } = labels;
  const empty: Rle = { width, height, counts: Uint32Array.of(width * height) };
  return cells.map(({ cell, scores }) => ({
    mask: masks.get(cell) ?? empty,
    scores: scores ?? new Float32Array(LOCATIONS.length),
  }));
}

/**
 * The cells as annotations of a COCO image, with their `score`: one for each location that reaches the threshold; a cell that
 * reaches it nowhere has one of its best location, so that no cell is lost.
 * @param firstId the annotations' ids count from it
 */
export function cellAnnotations(
  imageId: number,
  labels: LabelImage,
  cells: readonly CellPrediction[],
  threshold: number,
  firstId: number,
): (CocoAnnotation & { readonly score: number })[] {
  const masks = encodeLabelImage(labels);
  const located = cells.flatMap(({ cell, scores }) => {
    const mask = masks.get(cell);
    if (mask === undefined || scores === null) return [];
    const called = callLocations(scores, threshold);
    const locations = called.length > 0 ? called : [rankLocations(scores)[0].location];
    return cocoAnnotations(imageId, [{ cell, mask, locations }], 1).map((annotation) => ({
      ...annotation,
      score: Number(scores[annotation.category_id - 1].toFixed(4)),
    }));
  });
  return located.map((annotation, i) => ({ ...annotation, id: firstId + i }));
}

/** A COCO data set of the field's cells (see `cellAnnotations`). */
export function cellsCoco(
  field: string,
  labels: LabelImage,
  cells: readonly CellPrediction[],
  threshold: number,
): object {
  const { width, height } = labels;
  return {
    images: [{ id: 1, file_name: `${field}.png`, width, height, field }],
    categories: COCO_CATEGORIES,
    annotations: cellAnnotations(1, labels, cells, threshold, 1),
  };
}

/**
 * The field's cells as GeoJSON (RFC 7946 but for the coordinates, which are pixels), with the names that QuPath reads: object type
 * `cell`, the nucleus as `nucleusGeometry`, the best location as class, scores and areas as measurements.
 */
export function cellsGeoJson(
  field: string,
  segmentation: Segmentation,
  cells: readonly CellPrediction[],
): object {
  const outlines = encodeLabelImage(segmentation.cells);
  const nuclei = encodeLabelImage(segmentation.nuclei);
  const features = cells.flatMap(({ cell, areaUm2, nucleusAreaUm2, touchesEdge, scores }) => {
    const mask = outlines.get(cell);
    if (mask === undefined) return [];
    const nucleus = nuclei.get(cell);
    const measurements: Record<string, number> = {
      'Cell: Area um^2': Number(areaUm2.toFixed(1)),
      'Nucleus: Area um^2': Number(nucleusAreaUm2.toFixed(1)),
    };
    scores?.forEach((score, location) => {
      measurements[LOCATIONS[location]] = Number(score.toFixed(4));
    });
    return [
      {
        type: 'Feature',
        geometry: geometryOf(mask),
        ...(nucleus === undefined ? {} : { nucleusGeometry: geometryOf(nucleus) }),
        properties: {
          objectType: 'cell',
          name: `${field} ${cell}`,
          cell,
          touchesEdge,
          ...(scores === null
            ? {}
            : { classification: { name: LOCATIONS[rankLocations(scores)[0].location] } }),
          measurements,
        },
      },
    ];
  });
  return { type: 'FeatureCollection', features };
}

function geometryOf(mask: Rle): object {
  const polygons = traceOutlines(mask).map(polygonOf);
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function polygonOf({ outer, holes }: Outline): number[][][] {
  return [outer, ...holes].map(closedRing);
}

/** Pairs of coordinates, the first repeated at the end. */
function closedRing(ring: Ring): number[][] {
  const corners: number[][] = [];
  for (let i = 0; i < ring.length; i += 2) corners.push([ring[i], ring[i + 1]]);
  return [...corners, corners[0]];
}

function isScored(cells: readonly CellPrediction[]): boolean {
  return cells.every(({ scores }) => scores !== null);
}
