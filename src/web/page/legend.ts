import { type CellPrediction, rankLocations } from '../../predict/index.js';
import { locationColour, scoreColour } from './colours.js';
import type { CellColour } from './scene.js';
import type { Words } from './words/index.js';

export interface LegendEntry {
  readonly colour: string;
  readonly text: string;
}

const SCORES = [0, 0.25, 0.5, 0.75, 1];

/** What the cells' colours mean: the locations that they show, the most frequent first, or steps of a score. */
export function legendOf(
  cells: readonly CellPrediction[],
  colour: CellColour,
  words: Words,
): readonly LegendEntry[] {
  if (colour === 'none') return [];
  if (colour !== 'location') {
    return SCORES.map((score) => ({ colour: scoreColour(score), text: `${100 * score} %` }));
  }
  const counts = new Map<number, number>();
  for (const { scores } of cells) {
    if (scores === null) continue;
    const [{ location }] = rankLocations(scores);
    counts.set(location, (counts.get(location) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([location, count]) => ({
      colour: locationColour(location),
      text: `${words.locations[location]} (${count})`,
    }));
}
