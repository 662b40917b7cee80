import type { CellPrediction } from '../../src/predict/index.js';

/** A cell of one pixel with those scores by class id, 0 elsewhere; null: it was only outlined. */
export function cellWith(cell: number, scores: Readonly<Record<number, number>> | null): CellPrediction {
  return {
    cell,
    box: { x: 0, y: 0, width: 1, height: 1 },
    ...{ areaUm2: 1, nucleusAreaUm2: 1, touchesEdge: false, proteinMean: 0 },
    scores: scores && Float32Array.from({ length: 19 }, (_, location) => scores[location] ?? 0),
  };
}
