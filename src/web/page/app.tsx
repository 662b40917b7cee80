import { useEffect, useState } from 'preact/hooks';
import { server } from './api.js';
import { Comparison } from './charts.js';
import { DropZone } from './drop-zone.js';
import { askEngine, onEngineDevice } from './engine.js';
import type { EngineDevice } from './engine-worker.js';
import { makeExample } from './example.js';
import type { Place } from './field.js';
import { FieldList } from './field-list.js';
import { createFieldStore, type FieldStoreParts } from './field-store.js';
import { FieldView } from './field-view.js';
import { keptFields } from './kept-fields.js';
import type { ChosenField } from './names.js';
import { packSegmentation } from './packed-labels.js';
import { readChosenField } from './picture.js';
import { loadEngine } from './private-mode.js';
import { type PrivateMode, usePrivateMode } from './use-private-mode.js';
import {
  LANGUAGES,
  type Language,
  rememberLanguage,
  startLanguage,
  tell,
  WORDS,
  type Words,
} from './words/index.js';

const store = createFieldStore({ read: readChosenField, predictHere, server, kept: keptFields });

export function App() {
  const [language, setLanguage] = useState<Language>(startLanguage);
  const [{ fields, keepingProblem }, setState] = useState(store.state);
  const [shownKey, setShownKey] = useState<string | null>(null);
  const [mode, turnPrivate] = usePrivateMode();
  const [device, setDevice] = useState<EngineDevice | null>(null);
  const words = WORDS[language];

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${words.title} · ${words.subtitle}`;
  }, [language, words]);

  useEffect(() => {
    const unsubscribe = store.subscribe(() => setState(store.state));
    onEngineDevice(setDevice);
    // A page that was private asks the server for nothing before it is so again.
    void (mode === 'off' ? Promise.resolve() : turnPrivate(true)).then(store.restore);
    return unsubscribe;
  }, []);

  const shown = fields.find(({ key, state }) => key === shownKey && state !== 'failed');
  const place: Place = mode === 'off' ? 'server' : 'browser';
  const ready = mode === 'off' || mode === 'on';
  function show(key: string): void {
    setShownKey(key);
    void store.check(key);
  }
  function send(chosen: readonly ChosenField[], pixelSizeUm: number | null): void {
    const [first] = store.send(chosen, pixelSizeUm, place);
    if (shown === undefined) setShownKey(first);
  }

  const done = fields.filter(({ result }) => result !== null && result.cells.length > 0);
  return (
    <>
      <Header {...{ language, mode, words, turnPrivate }} onLanguage={setLanguage} />
      <main>
        <p class="mode" role="status">
          {describeMode(mode, device, words)}
        </p>
        <DropZone
          {...{ words, ready }}
          onSend={send}
          onExample={async () => send([await makeExample()], null)}
        />
        {fields.length > 0 && (
          <FieldList
            {...{ fields, shownKey, words }}
            kept={keepingProblem === null}
            onShow={show}
            onRemove={store.remove}
            onRetry={(key) => {
              if (ready) store.retry(key, place);
            }}
          />
        )}
        {shown !== undefined && (
          <FieldView
            key={shown.key}
            {...{ shown, words }}
            picture={store.picture}
            onCorrect={(cell, correction) => void store.correct(shown.key, cell, correction)}
            onSaveAgain={() => void store.saveAgain(shown.key)}
          />
        )}
        {done.length > 1 && <Comparison fields={done} words={words} />}
      </main>
    </>
  );
}

/** A field's prediction in this browser. */
async function predictHere(
  field: Parameters<FieldStoreParts['predictHere']>[0],
  onStage: (stage: string) => void,
): ReturnType<FieldStoreParts['predictHere']> {
  await loadEngine();
  const start = performance.now();
  const { segmentation, cells, warnings } = await askEngine({ kind: 'predict', field }, onStage);
  const seconds = (performance.now() - start) / 1000;
  return { labels: packSegmentation(segmentation), cells, warnings, seconds };
}

function describeMode(mode: PrivateMode, device: EngineDevice | null, words: Words): string {
  if (typeof mode === 'object') return `${words.privateFailed} ${tell(words.problems, mode)}`;
  if (mode !== 'on') return mode === 'loading' ? words.privateLoading : '';
  const problem = device?.problem ? [tell(words.problems, device.problem)] : [];
  return [words.privateReady, ...problem, words.devices[device?.device ?? 'cpu']].join(' ');
}

interface HeaderProps {
  readonly language: Language;
  readonly mode: PrivateMode;
  readonly words: Words;
  onLanguage(language: Language): void;
  turnPrivate(on: boolean): Promise<void>;
}

function Header({ language, mode, words, onLanguage, turnPrivate }: HeaderProps) {
  return (
    <header>
      <div>
        <h1>{words.title}</h1>
        <p>{words.subtitle}</p>
      </div>
      <div class="row">
        <label class="switch" title={words.privateHint}>
          <input
            type="checkbox"
            checked={mode !== 'off'}
            disabled={mode === 'loading'}
            onChange={(event) => void turnPrivate(event.currentTarget.checked)}
          />
          {words.privateMode}
        </label>
        <label>
          {words.language}{' '}
          <select
            value={language}
            onChange={(event) => {
              const chosen = event.currentTarget.value as Language;
              rememberLanguage(chosen);
              onLanguage(chosen);
            }}
          >
            {LANGUAGES.map((code) => (
              <option key={code} value={code}>
                {code === 'en' ? 'English' : 'Français'}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}
