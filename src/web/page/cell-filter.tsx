import type { CellPrediction } from '../../predict/index.js';
import type { Words } from './words/index.js';

export interface Filter {
  /** Class id; null: whichever location scores highest. */
  readonly location: number | null;
  readonly leastScore: number;
}

export const NO_FILTER: Filter = { location: null, leastScore: 0 };

/** Cells whose score of the location reaches the least one. */
export function filterCells(
  cells: readonly CellPrediction[],
  { location, leastScore }: Filter,
): readonly CellPrediction[] {
  return cells.filter(({ scores }) => {
    const score = location === null ? Math.max(...(scores ?? [0])) : (scores?.[location] ?? 0);
    return score >= leastScore;
  });
}

interface CellFilterProps {
  readonly filter: Filter;
  readonly shown: number;
  readonly all: number;
  readonly words: Words;
  onFilter(filter: Filter): void;
}

/** Which cells the viewer and the table show. */
export function CellFilter({ filter, shown, all, words, onFilter }: CellFilterProps) {
  return (
    <div class="row">
      <label>
        {words.filterLocation}{' '}
        <select
          value={`${filter.location ?? ''}`}
          onChange={({ currentTarget: { value } }) =>
            onFilter({ ...filter, location: value === '' ? null : Number(value) })
          }
        >
          <option value="">{words.all}</option>
          {words.locations.map((name, location) => (
            <option key={name} value={location}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.leastScore}{' '}
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={filter.leastScore}
          onInput={(event) => onFilter({ ...filter, leastScore: Number(event.currentTarget.value) })}
        />{' '}
        {words.percent(filter.leastScore)}
      </label>
      <span role="status" class="quiet">
        {shown < all ? words.cellsShown(shown, all) : ''}
      </span>
    </div>
  );
}
