import { type CellPrediction, rankLocations } from '../../predict/index.js';
import { locationColour, scoreColour } from './colours.js';
import { DEFAULT_DISPLAY, type Display } from './compose.js';

/** `none`, `location`, or a class id: by that score. */
export type CellColour = 'none' | 'location' | number;

/** How a field is shown. */
export interface Look {
  readonly display: Display;
  readonly cellOutlines: boolean;
  readonly nucleusOutlines: boolean;
  readonly colour: CellColour;
}

export const DEFAULT_LOOK: Look = {
  display: DEFAULT_DISPLAY,
  cellOutlines: true,
  nucleusOutlines: false,
  colour: 'none',
};

/** What lies over the picture of a field, in its pixels. */
export interface Overlay {
  readonly cells: readonly CellPrediction[];
  /** Outlines by cell number. */
  readonly cellPaths: ReadonlyMap<number, Path2D>;
  readonly nucleusPaths: ReadonlyMap<number, Path2D>;
  readonly chosen: number | null;
}

/** Colours and outlines of the cells; `unit` is the length of a screen pixel in field pixels. */
export function drawOverlay(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  { cells, cellPaths, nucleusPaths, chosen }: Overlay,
  { colour, cellOutlines, nucleusOutlines }: Look,
  unit: number,
): void {
  if (colour !== 'none') {
    context.globalAlpha = 0.45;
    for (const { cell, scores } of cells) {
      const path = cellPaths.get(cell);
      if (path === undefined || scores === null) continue;
      context.fillStyle =
        colour === 'location'
          ? locationColour(rankLocations(scores)[0].location)
          : scoreColour(scores[colour]);
      context.fill(path, 'evenodd');
    }
    context.globalAlpha = 1;
  }
  const stroke = (path: Path2D | undefined, style: string, width: number) => {
    if (path === undefined) return;
    context.strokeStyle = style;
    context.lineWidth = width * unit;
    context.stroke(path);
  };
  for (const { cell } of cells) {
    if (nucleusOutlines) stroke(nucleusPaths.get(cell), '#22d3ee', 1);
    if (cellOutlines) stroke(cellPaths.get(cell), '#fff', 1.5);
  }
  if (chosen !== null) stroke(cellPaths.get(chosen), '#ffd400', 3);
}
