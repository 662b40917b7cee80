import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FieldOfView } from '../../imaging/index.js';
import { type Correction, rankLocations, summarizeScores } from '../../predict/index.js';
import { CellFilter, type Filter, filterCells, NO_FILTER } from './cell-filter.js';
import { CellPanel } from './cell-panel.js';
import { CellTable } from './cell-table.js';
import { FieldCharts, scoresOf } from './charts.js';
import { measureRanges } from './compose.js';
import { Exports } from './exports.js';
import { type FieldResult, type PageField, type Problem, problemOf } from './field.js';
import { unpackSegmentation } from './packed-labels.js';
import { DEFAULT_LOOK } from './scene.js';
import { Viewer } from './viewer.js';
import { tell, type Words } from './words/index.js';

interface FieldViewProps {
  readonly shown: PageField;
  readonly words: Words;
  picture(key: string): Promise<FieldOfView>;
  onCorrect(cell: number, correction: Correction | undefined): void;
  onSaveAgain(): void;
}

/** One field: what it shows as a whole, the viewer, the chosen cell, the table, the downloads. */
export function FieldView({ shown, words, picture, onCorrect, onSaveAgain }: FieldViewProps) {
  const { key, chosen: files, result, serverProblem, saving } = shown;
  const [field, setField] = useState<FieldOfView | Problem | null>(null);
  useEffect(() => {
    picture(key).then(setField, (error: unknown) => setField(problemOf(error)));
  }, [key]);
  return (
    <section class="field" aria-labelledby="field-title">
      <h2 id="field-title">{files.name}</h2>
      {result !== null && <Verdict {...{ shown, result, words }} />}
      {serverProblem !== null && (
        <p role="status" class="note">
          {tell(words.problems, serverProblem)} {words.keptHere}
        </p>
      )}
      {typeof saving === 'object' && (
        <p role="alert" class="note wrong">
          {words.notSaved} {tell(words.problems, saving)}{' '}
          <button type="button" onClick={onSaveAgain}>
            {words.retry}
          </button>
        </p>
      )}
      {field !== null && 'code' in field && <p role="alert">{tell(words.problems, field)}</p>}
      {field !== null && 'channels' in field && <Workbench {...{ shown, field, words, onCorrect }} />}
    </section>
  );
}

/** The field's prediction and confidence, as the study's page showed them. */
function Verdict({ shown, result, words }: { shown: PageField; result: FieldResult; words: Words }) {
  if (result.cells.length === 0) return <p class="verdict">{words.noCell}</p>;
  const [first] = rankLocations(summarizeScores(scoresOf(shown)).mean);
  return (
    <>
      <p class="verdict" data-testid="verdict">
        {words.prediction} <strong>{words.locations[first.location]}</strong>, {words.confidence}{' '}
        <strong>{words.percent(first.score)}</strong>
        <span class="facts">
          {' '}
          · {words.cellCount(result.cells.length)} · {words.seconds(result.seconds)}
        </span>
      </p>
      {result.warnings.length > 0 && (
        <ul class="note" aria-label={words.notes}>
          {result.warnings.map((warning) => (
            <li key={warning.code}>{tell(words.warnings, warning)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface WorkbenchProps {
  readonly shown: PageField;
  readonly field: FieldOfView;
  readonly words: Words;
  onCorrect(cell: number, correction: Correction | undefined): void;
}

/** The viewer with the chosen cell beside it; below, the cells of both. */
function Workbench({ shown, field, words, onCorrect }: WorkbenchProps) {
  const { result, corrections, saving } = shown;
  const [chosen, setChosen] = useState<number | null>(null);
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [look, setLook] = useState(DEFAULT_LOOK);
  const ranges = useMemo(() => measureRanges(field), [field]);
  const segmentation = useMemo(() => result && unpackSegmentation(result.labels), [result]);
  const all = result?.cells ?? [];
  const cells = useMemo(() => filterCells(all, filter), [result, filter]);
  const cell = all.find((one) => one.cell === chosen);
  return (
    <>
      <p class="quiet">{words.scale(field.pixelSizeUm, shown.pixelSizeUm === null)}</p>
      <div class="columns">
        <Viewer
          {...{ field, ranges, segmentation, cells, chosen, look, words }}
          onChoose={setChosen}
          onLook={setLook}
        />
        <div class="side">
          {segmentation !== null && cell !== undefined && (
            <CellPanel
              {...{ field, ranges, segmentation, cell, saving, words }}
              display={look.display}
              correction={corrections[cell.cell]}
              onCorrect={(correction) => onCorrect(cell.cell, correction)}
            />
          )}
          {all.length > 0 && cell === undefined && <p>{words.noCellChosen}</p>}
        </div>
      </div>
      {result !== null && segmentation !== null && (
        <>
          <CellFilter {...{ filter, words }} shown={cells.length} all={all.length} onFilter={setFilter} />
          <CellTable {...{ cells, corrections, chosen, words }} onChoose={setChosen} />
          <FieldCharts field={shown} words={words} />
          <Exports {...{ shown, field, ranges, result, segmentation, cells, look, words }} />
        </>
      )}
    </>
  );
}
