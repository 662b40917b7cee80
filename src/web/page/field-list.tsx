import { rememberKey } from './api.js';
import type { PageField } from './field.js';
import { tell, type Words } from './words/index.js';

/** Stages in their order, for the progress bar. */
const STAGES = ['sending', 'queued', 'read', 'segmented', 'classified', 'done'];

interface FieldListProps {
  readonly fields: readonly PageField[];
  readonly shownKey: string | null;
  /** Whether the fields are still there after a reload. */
  readonly kept: boolean;
  readonly words: Words;
  onShow(key: string): void;
  onRemove(key: string): void;
  onRetry(key: string): void;
}

/** The fields of this browser: how far each is, what went wrong; one is shown. */
export function FieldList({ fields, shownKey, kept, words, onShow, onRemove, onRetry }: FieldListProps) {
  return (
    <section aria-labelledby="fields">
      <h2 id="fields">{words.fields}</h2>
      <p class="quiet">{kept ? words.fieldsKept : words.fieldsNotKept}</p>
      <ul class="fields">
        {fields.map((field) => (
          <li key={field.key} class={field.key === shownKey ? 'shown' : ''}>
            <button
              type="button"
              class="name"
              aria-pressed={field.key === shownKey}
              disabled={field.state === 'failed'}
              onClick={() => onShow(field.key)}
            >
              {field.chosen.name}
            </button>
            <span role="status" class={field.state === 'failed' ? 'stage wrong' : 'stage'}>
              {field.problem === null ? words.stages[field.stage] : tell(words.problems, field.problem)}
            </span>
            {field.state === 'working' && (
              <progress
                aria-label={field.chosen.name}
                max={STAGES.length - 1}
                value={Math.max(0, STAGES.indexOf(field.stage))}
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
                    onRetry(field.key);
                  }}
                />
              </label>
            )}
            {field.state === 'failed' && (
              <button type="button" onClick={() => onRetry(field.key)}>
                {words.retry}
              </button>
            )}
            <button
              type="button"
              onClick={() => onRemove(field.key)}
              aria-label={`${words.remove} ${field.chosen.name}`}
              title={words.remove}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
