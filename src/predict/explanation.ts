import { type CellBox, cropWindow, cutCrop, measureLevels, type Window } from '../crops/index.js';
import type { FieldOfView, Segmentation } from '../imaging/index.js';
import type { Explainer } from '../networks/index.js';
import type { CellPrediction } from './prediction.js';
import { rankLocations } from './summary.js';

/** Why a cell was given a location. */
export interface Explanation {
  readonly location: number;
  /** What each part adds to the location's score, 0 where it speaks against it; 1 is the most of this cell and location. */
  readonly map: Float32Array;
}

/** Why a cell was given its best two locations. */
export interface CellExplanation {
  readonly cell: number;
  /** What the network saw: channels x sizePx x sizePx. */
  readonly crop: Float32Array;
  /** The part of the field that the crop and the maps show. */
  readonly window: Window;
  /** Of the best location, then of the next. */
  readonly locations: readonly [Explanation, Explanation];
}

/** Explains the best two locations of each scored cell, in order. */
export async function* explainCells(
  field: FieldOfView,
  segmentation: Pick<Segmentation, 'cells'>,
  cells: readonly CellPrediction[],
  explainer: Explainer,
): AsyncGenerator<CellExplanation> {
  const { crop: options } = explainer.metadata;
  const levels = measureLevels(field, segmentation.cells, options);
  for (const { cell, box, scores } of cells) {
    if (scores === null) continue;
    const cellBox: CellBox = { label: cell, box };
    const crop = cutCrop(field, segmentation, cellBox, options, levels);
    const explain = async (location: number): Promise<Explanation> => ({
      location,
      map: strengthsOf(await explainer.explain(crop, location)),
    });
    const [top, runnerUp] = rankLocations(scores);
    yield {
      cell,
      crop,
      window: cropWindow(box, field.pixelSizeUm, options),
      locations: [await explain(top.location), await explain(runnerUp.location)],
    };
  }
}

function strengthsOf(contributions: Float32Array): Float32Array {
  const most = contributions.reduce((greatest, value) => Math.max(greatest, value), 0);
  return contributions.map((value) => (value > 0 ? value / most : 0));
}
