import { useState } from 'preact/hooks';
import { CHANNELS } from '../../imaging/index.js';
import { type Problem, problemOf } from './field.js';
import { type ChosenField, groupFiles, type Part } from './names.js';
import { tell, type Words } from './words/index.js';

interface DropZoneProps {
  readonly words: Words;
  /** Whether fields can be worked on now. */
  readonly ready: boolean;
  onExample(): Promise<void>;
  onSend(fields: readonly ChosenField[], pixelSizeUm: number | null): void;
}

/** Files dropped or chosen; which channel each is taken for, to be corrected; and off they go. */
export function DropZone({ words, ready, onExample, onSend }: DropZoneProps) {
  const [chosen, setChosen] = useState<readonly ChosenField[]>([]);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pixelSize, setPixelSize] = useState('');
  const add = (files: FileList | null | undefined) => {
    if (files && files.length > 0) setChosen([...chosen, ...groupFiles([...files])]);
  };
  const reassign = (index: number, from: Part, to: Part) =>
    setChosen(
      chosen.map((field, i) => (i === index ? { ...field, files: swap(field.files, from, to) } : field)),
    );
  return (
    <section
      class={over ? 'drop over' : 'drop'}
      aria-labelledby="choose"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        add(event.dataTransfer?.files);
      }}
    >
      <h2 id="choose">{words.choose}</h2>
      <p>{words.chooseText}</p>
      <p class="row">
        <label class="button primary">
          {words.chooseButton}
          <input
            class="visually-hidden"
            type="file"
            multiple
            accept="image/png,image/jpeg,image/tiff"
            onChange={(event) => {
              add(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
        </label>
        <button
          type="button"
          disabled={busy || !ready}
          onClick={async () => {
            setBusy(true);
            try {
              await onExample();
              setProblem(null);
            } catch (error) {
              setProblem(problemOf(error));
            }
            setBusy(false);
          }}
        >
          {words.example}
        </button>
      </p>
      {problem !== null && <p role="alert">{tell(words.problems, problem)}</p>}
      {chosen.map((field, index) => (
        <ChosenFiles
          // Two fields may have one name, and a name may be changed.
          key={index}
          {...{ field, words }}
          onRename={(name) => setChosen(chosen.map((other, i) => (i === index ? { ...other, name } : other)))}
          onReassign={(from, to) => reassign(index, from, to)}
          onRemove={() => setChosen(chosen.filter((_, i) => i !== index))}
        />
      ))}
      {chosen.length > 0 && (
        <p class="row">
          <label>
            {words.pixelSize}{' '}
            <input
              type="number"
              min="0.001"
              max="10"
              step="any"
              placeholder={words.pixelSizeHint}
              value={pixelSize}
              onInput={(event) => setPixelSize(event.currentTarget.value)}
            />
          </label>
          <button
            type="button"
            class="primary"
            disabled={!ready}
            onClick={() => {
              onSend(chosen, pixelSize === '' ? null : Number(pixelSize));
              setChosen([]);
            }}
          >
            {words.send}
          </button>
        </p>
      )}
    </section>
  );
}

/** The file of one part moved to another, whose own file takes its place. */
function swap(files: ChosenField['files'], from: Part, to: Part): ChosenField['files'] {
  return { ...files, [to]: files[from], [from]: files[to] };
}

interface ChosenFilesProps {
  readonly field: ChosenField;
  readonly words: Words;
  onRename(name: string): void;
  onReassign(from: Part, to: Part): void;
  onRemove(): void;
}

const PARTS: readonly Part[] = [...CHANNELS, 'composite', 'image'];

function ChosenFiles({ field, words, onRename, onReassign, onRemove }: ChosenFilesProps) {
  return (
    <fieldset class="chosen">
      <legend>
        <label>
          {words.fieldName}{' '}
          <input value={field.name} onInput={(event) => onRename(event.currentTarget.value)} />
        </label>{' '}
        <button type="button" onClick={onRemove}>
          {words.remove}
        </button>
      </legend>
      <ul>
        {PARTS.map((part) => {
          const file = field.files[part];
          return file === undefined ? null : (
            <li key={part}>
              <span class="file-name">{file.name}</span>{' '}
              <select
                aria-label={file.name}
                value={part}
                onChange={(event) => onReassign(part, event.currentTarget.value as Part)}
              >
                {PARTS.map((other) => (
                  <option key={other} value={other}>
                    {words.channels[other]}
                  </option>
                ))}
              </select>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
