import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CytolocusError } from '../../common/index.js';
import { type Correction, rankLocations, summarizeScores } from '../../predict/index.js';
import { predictOnServer, rememberKey, saveCorrections } from './api.js';
import { CellPanel, percent } from './cell-panel.js';
import { CellTable } from './cell-table.js';
import { Comparison, FieldCharts, scoresOf } from './charts.js';
import { DOWNLOADS, documentOf, figureOf, saveBlob, trainingTables } from './downloads.js';
import { DropZone } from './drop-zone.js';
import { askEngine } from './engine.js';
import { makeExample } from './example.js';
import type { FieldResult, PageField } from './field.js';
import type { ChosenField } from './names.js';
import { readChosenField } from './picture.js';
import { goPrivate, loadEngine } from './private-mode.js';
import { Viewer } from './viewer.js';
import { browserLanguage, LANGUAGES, type Language, WORDS, type Words } from './words.js';

/** A location is called from this score on. */
const THRESHOLD = 0.5;
/** Stages in their order, for the progress bar. */
const STAGES = ['sending', 'queued', 'read', 'segmented', 'classified', 'done'];

export function App() {
  const [language, setLanguage] = useState<Language>(browserLanguage);
  const [fields, setFields] = useState<readonly PageField[]>([]);
  const [shownKey, setShownKey] = useState<string | null>(null);
  const [mode, setMode] = useState<'server' | 'loading' | 'private' | 'failed'>('server');
  const words = WORDS[language];
  const nextKey = useRef(0);

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${words.title} · ${words.subtitle}`;
  }, [language, words]);

  const change = (key: string, part: Partial<PageField>) =>
    setFields((all) => all.map((field) => (field.key === key ? { ...field, ...part } : field)));

  /** One field from its files to its result; a bad one never stops the others. */
  async function work(key: string, chosen: ChosenField, pixelSizeUm: number | null): Promise<void> {
    const onStage = (stage: string) => change(key, { stage });
    try {
      const field = await readChosenField(chosen, pixelSizeUm);
      change(key, { field });
      setShownKey((shown) => shown ?? key);
      const result =
        mode === 'private'
          ? await predictHere(field, onStage)
          : await predictOnServer(chosen, { pixelSizeUm, threshold: THRESHOLD }, onStage);
      change(key, { result, state: 'done', stage: 'done' });
    } catch (error) {
      const problem =
        error instanceof CytolocusError
          ? { code: error.code, detail: error.message }
          : { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
      change(key, { problem, state: 'failed', stage: 'failed' });
    }
  }

  function send(chosen: readonly ChosenField[], pixelSizeUm: number | null): void {
    for (const one of chosen) {
      const key = `${nextKey.current++}`;
      const blank = { field: null, result: null, problem: null, corrections: {} };
      setFields((all) => [...all, { key, chosen: one, state: 'working', stage: 'sending', ...blank }]);
      void work(key, one, pixelSizeUm);
    }
  }

  async function switchPrivate(on: boolean): Promise<void> {
    if (!on) {
      setMode('server');
      return;
    }
    setMode('loading');
    try {
      await goPrivate();
      setMode('private');
    } catch {
      setMode('failed');
    }
  }

  const shown = fields.find(({ key }) => key === shownKey) ?? null;
  const done = fields.filter(({ result }) => result !== null);
  return (
    <>
      <header>
        <div>
          <h1>{words.title}</h1>
          <p>{words.subtitle}</p>
        </div>
        <div class="row">
          <label class="switch" title={words.privateHint}>
            <input
              type="checkbox"
              checked={mode === 'private' || mode === 'loading'}
              disabled={mode === 'loading'}
              onChange={(event) => void switchPrivate(event.currentTarget.checked)}
            />
            {words.privateMode}
          </label>
          <label>
            {words.language}{' '}
            <select value={language} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
              {LANGUAGES.map((code) => (
                <option key={code} value={code}>
                  {code === 'en' ? 'English' : 'Français'}
                </option>
              ))}
            </select>
          </label>
        </div>
      </header>
      <main>
        <p class="mode" role="status">
          {mode === 'loading'
            ? words.privateLoading
            : mode === 'private'
              ? words.privateReady
              : mode === 'failed'
                ? words.privateFailed
                : ''}
        </p>
        <DropZone words={words} onSend={send} onExample={async () => send([await makeExample()], null)} />
        {fields.length > 0 && (
          <FieldList
            {...{ fields, shownKey, words }}
            onShow={setShownKey}
            onRemove={(key) => {
              setFields((all) => all.filter((field) => field.key !== key));
              if (key === shownKey) setShownKey(null);
            }}
            onKey={(field) => {
              change(field.key, { problem: null, state: 'working', stage: 'sending' });
              void work(field.key, field.chosen, null);
            }}
          />
        )}
        {shown?.field && (
          <FieldView
            key={shown.key}
            shown={shown}
            words={words}
            onCorrect={(cell, correction) => {
              const corrections = { ...shown.corrections };
              if (correction === undefined) delete corrections[cell];
              else corrections[cell] = correction;
              change(shown.key, { corrections });
              const id = shown.result?.id ?? null;
              // Kept on the page in any case; the server may have forgotten the prediction.
              if (id !== null)
                saveCorrections(id, corrections).catch(() => change(shown.key, { corrections }));
            }}
          />
        )}
        {done.length > 1 && <Comparison fields={done} words={words} />}
      </main>
    </>
  );
}

async function predictHere(
  field: NonNullable<PageField['field']>,
  onStage: (stage: string) => void,
): Promise<FieldResult> {
  await loadEngine();
  const start = performance.now();
  onStage('read');
  const { segmentation, cells, warnings } = await askEngine({ kind: 'predict', field }, onStage);
  return { id: null, segmentation, cells, warnings, seconds: (performance.now() - start) / 1000 };
}

interface FieldListProps {
  readonly fields: readonly PageField[];
  readonly shownKey: string | null;
  readonly words: Words;
  onShow(key: string): void;
  onRemove(key: string): void;
  onKey(field: PageField): void;
}

function FieldList({ fields, shownKey, words, onShow, onRemove, onKey }: FieldListProps) {
  return (
    <section aria-labelledby="fields">
      <h2 id="fields">{words.fields}</h2>
      <ul class="fields">
        {fields.map((field) => (
          <li key={field.key} class={field.key === shownKey ? 'shown' : ''}>
            <button
              type="button"
              class="name"
              aria-pressed={field.key === shownKey}
              disabled={field.field === null}
              onClick={() => onShow(field.key)}
            >
              {field.chosen.name}
            </button>
            <span role="status" class="stage">
              {field.problem === null
                ? words.stages[field.stage]
                : (words.problems[field.problem.code] ?? field.problem.detail)}
            </span>
            {field.state === 'working' && (
              <progress
                aria-label={field.chosen.name}
                max={STAGES.length - 1}
                value={STAGES.indexOf(field.stage)}
              />
            )}
            {field.problem?.code === 'key-needed' && (
              <label>
                {words.key}{' '}
                <input
                  type="password"
                  autoComplete="off"
                  onChange={(event) => {
                    rememberKey(event.currentTarget.value);
                    onKey(field);
                  }}
                />
              </label>
            )}
            <button
              type="button"
              onClick={() => onRemove(field.key)}
              aria-label={`${words.remove} ${field.chosen.name}`}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface FieldViewProps {
  readonly shown: PageField;
  readonly words: Words;
  onCorrect(cell: number, correction: Correction | undefined): void;
}

/** One field: what it shows as a whole, the viewer, the chosen cell, the table, the downloads. */
function FieldView({ shown, words, onCorrect }: FieldViewProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [filter, setFilter] = useState<{ location: number | null; score: number }>({
    location: null,
    score: 0,
  });
  const { field, result, corrections } = shown;
  const cells = useMemo(
    () =>
      (result?.cells ?? []).filter(({ scores }) => {
        const score =
          filter.location === null ? Math.max(...(scores ?? [0])) : (scores?.[filter.location] ?? 0);
        return score >= filter.score;
      }),
    [result, filter],
  );
  const shownCells = useMemo(() => new Set(cells.map(({ cell }) => cell)), [cells]);
  const cell = result?.cells.find((one) => one.cell === chosen);
  if (field === null) return null;
  return (
    <section class="field" aria-labelledby="field-title">
      <h2 id="field-title">{shown.chosen.name}</h2>
      {result !== null && <Verdict shown={shown} words={words} />}
      <div class="columns">
        <Viewer {...{ field, result, chosen, shownCells, words }} onChoose={setChosen} />
        <div class="side">
          {result !== null && cell !== undefined && (
            <CellPanel
              {...{ field, result, cell, words }}
              correction={corrections[cell.cell]}
              onCorrect={(correction) => onCorrect(cell.cell, correction)}
            />
          )}
          {result !== null && cell === undefined && <p>{words.noCellChosen}</p>}
        </div>
      </div>
      {result !== null && (
        <>
          <div class="row">
            <label>
              {words.filterLocation}{' '}
              <select
                value={`${filter.location ?? ''}`}
                onChange={({ currentTarget: { value } }) =>
                  setFilter({ ...filter, location: value === '' ? null : Number(value) })
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
                value={filter.score}
                onInput={(event) => setFilter({ ...filter, score: Number(event.currentTarget.value) })}
              />{' '}
              {percent(filter.score)}
            </label>
          </div>
          <CellTable {...{ cells, chosen, words }} onChoose={setChosen} />
          <FieldCharts field={shown} words={words} />
          <Downloads shown={shown} words={words} />
        </>
      )}
    </section>
  );
}

/** The field's prediction and confidence, as the study's page showed them. */
function Verdict({ shown, words }: { shown: PageField; words: Words }) {
  const { result } = shown;
  if (result === null) return null;
  if (result.cells.length === 0) return <p class="verdict">{words.noCell}</p>;
  const [first] = rankLocations(summarizeScores(scoresOf(shown)).mean);
  return (
    <>
      <p class="verdict" data-testid="verdict">
        {words.prediction}: <strong>{words.locations[first.location]}</strong>, {words.confidence}:{' '}
        <strong>{percent(first.score)}</strong>
        <span class="facts">
          {' '}
          · {words.cellCount(result.cells.length)} · {words.seconds(result.seconds.toFixed(1))}
        </span>
      </p>
      {result.warnings.length > 0 && (
        <ul aria-label={words.warnings}>
          {result.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Downloads({ shown, words }: { shown: PageField; words: Words }) {
  const { field, result, corrections } = shown;
  if (field === null || result === null) return null;
  const { name } = shown.chosen;
  const save = async (file: string, blob: Blob | Promise<Blob>) => saveBlob(await blob, `${name}_${file}`);
  const tables = () => {
    for (const [file, text] of Object.entries(trainingTables(name, result, corrections, THRESHOLD))) {
      saveBlob(new Blob([text], { type: 'text/csv' }), file);
    }
  };
  return (
    <section aria-labelledby="exports">
      <h3 id="exports">{words.exports}</h3>
      <p class="row">
        {DOWNLOADS.map((file) => (
          <button
            type="button"
            key={file}
            onClick={() => void save(file, documentOf(field, result, file, THRESHOLD))}
          >
            {file}
          </button>
        ))}
        <button type="button" onClick={() => void save('figure.png', figureOf(field, result, words))}>
          {words.figure}
        </button>
        {Object.keys(corrections).length > 0 && (
          <button type="button" onClick={tables}>
            {words.corrections}
          </button>
        )}
      </p>
    </section>
  );
}
