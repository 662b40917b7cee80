import { useState } from 'preact/hooks';
import {
  type CellPrediction,
  type Correction,
  type Corrections,
  rankLocations,
} from '../../predict/index.js';
import type { Words } from './words/index.js';

interface CellTableProps {
  readonly cells: readonly CellPrediction[];
  readonly corrections: Corrections;
  readonly chosen: number | null;
  readonly words: Words;
  onChoose(cell: number): void;
}

/** Columns that the table is sorted by. */
const COLUMNS = ['cell', 'location', 'score', 'area', 'nucleus', 'edge'] as const;
type Column = (typeof COLUMNS)[number];
const NUMBERS: readonly Column[] = ['score', 'area', 'nucleus'];

interface Row {
  readonly cell: number;
  readonly location: number;
  readonly score: number;
  readonly area: number;
  readonly nucleus: number;
  readonly edge: number;
}

/** A row a cell, sortable by each column; a row's button chooses its cell. */
export function CellTable({ cells, corrections, chosen, words, onChoose }: CellTableProps) {
  const [sorting, setSorting] = useState<{ column: Column; down: boolean }>({ column: 'cell', down: false });
  const rows = cells.map(rowOf).sort((a, b) => {
    const order = a[sorting.column] - b[sorting.column] || a.cell - b.cell;
    return sorting.down ? -order : order;
  });
  const names: Record<Column, string> = {
    cell: words.cells,
    location: words.location,
    score: words.score,
    area: words.area,
    nucleus: words.nucleusArea,
    edge: words.edge,
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="table" tabIndex={0} aria-label={words.cells}>
      <table>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th
                key={column}
                scope="col"
                class={NUMBERS.includes(column) ? 'number' : ''}
                aria-sort={sorting.column === column ? (sorting.down ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  class="head"
                  onClick={() => setSorting({ column, down: sorting.column === column && !sorting.down })}
                >
                  {names[column]}
                  <span aria-hidden="true">
                    {sorting.column === column ? (sorting.down ? ' ▼' : ' ▲') : ''}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.cell} class={row.cell === chosen ? 'chosen-row' : ''}>
              <td>
                <button
                  type="button"
                  class="head"
                  aria-pressed={row.cell === chosen}
                  onClick={() => onChoose(row.cell)}
                >
                  {words.cell(row.cell)}
                </button>
              </td>
              <td>
                {words.locations[row.location]}
                <Corrected correction={corrections[row.cell]} words={words} />
              </td>
              <td class="number">{words.percent(row.score)}</td>
              <td class="number">{row.area.toFixed(0)}</td>
              <td class="number">{row.nucleus.toFixed(0)}</td>
              <td>{row.edge ? words.edgeYes : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What a person says of the cell instead. */
function Corrected({ correction, words }: { correction: Correction | undefined; words: Words }) {
  if (correction === undefined) return null;
  const truth =
    'deleted' in correction
      ? words.noCellMark
      : correction.locations.map((location) => words.locations[location]).join(', ');
  return (
    <span class="corrected">
      {' '}
      → {truth} ({words.corrected})
    </span>
  );
}

function rowOf({ cell, scores, areaUm2, nucleusAreaUm2, touchesEdge }: CellPrediction): Row {
  const [first] = rankLocations(scores ?? new Float32Array(1));
  return {
    ...{ cell, location: first.location, score: first.score },
    ...{ area: areaUm2, nucleus: nucleusAreaUm2, edge: touchesEdge ? 1 : 0 },
  };
}
