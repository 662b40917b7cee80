import { useState } from 'preact/hooks';
import type { LocationScores } from '../../common/index.js';
import { type Correction, callLocations, DEFAULT_THRESHOLD } from '../../predict/index.js';
import type { Saving } from './field.js';
import type { Words } from './words/index.js';

interface CorrectionFormProps {
  readonly scores: LocationScores;
  readonly correction: Correction | undefined;
  readonly saving: Saving;
  readonly words: Words;
  onCorrect(correction: Correction | undefined): void;
}

/** A cell's true locations, to begin with those that were called; or that it is no cell. */
export function CorrectionForm({ scores, correction, saving, words, onCorrect }: CorrectionFormProps) {
  const called = callLocations(scores, DEFAULT_THRESHOLD);
  const start = correction !== undefined && 'locations' in correction ? correction.locations : called;
  const [locations, setLocations] = useState<readonly number[]>(start);
  const [deleted, setDeleted] = useState(correction !== undefined && 'deleted' in correction);
  const toggle = (location: number, on: boolean) =>
    setLocations(on ? [...locations, location] : locations.filter((other) => other !== location));
  return (
    <details>
      <summary>{words.correct}</summary>
      <p>{words.correctText}</p>
      <label>
        <input
          type="checkbox"
          checked={deleted}
          onChange={(event) => setDeleted(event.currentTarget.checked)}
        />
        {words.deleteCell}
      </label>
      <div class="choices">
        {words.locations.map((name, location) => (
          <label key={name}>
            <input
              type="checkbox"
              disabled={deleted}
              checked={locations.includes(location)}
              onChange={(event) => toggle(location, event.currentTarget.checked)}
            />
            {name}
          </label>
        ))}
      </div>
      <button
        type="button"
        disabled={!deleted && locations.length === 0}
        onClick={() => onCorrect(deleted ? { deleted: true } : { locations })}
      >
        {words.save}
      </button>{' '}
      {correction !== undefined && (
        <>
          <button
            type="button"
            onClick={() => {
              setLocations(called);
              setDeleted(false);
              onCorrect(undefined);
            }}
          >
            {words.undo}
          </button>{' '}
          <span role="status">{describeSaving(saving, words)}</span>
        </>
      )}
    </details>
  );
}

function describeSaving(saving: Saving, words: Words): string {
  if (typeof saving === 'object') return words.notSaved;
  return { saving: words.saving, saved: words.saved, here: words.savedHere }[saving];
}
