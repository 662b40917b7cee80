import { useState } from 'preact/hooks';
import { ChosenFiles, type OmeChannels } from './chosen-files.js';
import { type Problem, problemOf } from './field.js';
import { type ChosenField, groupFiles, type Part } from './names.js';
import { channelNames, openRoles } from './ome-roles.js';
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
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pixelSize, setPixelSize] = useState('');
  const add = (files: FileList | null | undefined) => {
    const fields = files ? groupFiles([...files]) : [];
    setDrafts([...drafts, ...fields.map((field) => ({ id: ++lastId, field, ome: null }))]);
  };
  const change = (id: number, changed: (draft: Draft) => Draft) =>
    setDrafts((latest) => latest.map((draft) => (draft.id === id ? changed(draft) : draft)));
  function send() {
    try {
      onSend(drafts.map(answeredField), pixelSize === '' ? null : Number(pixelSize));
      setDrafts([]);
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
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
      {drafts.map(({ id, field, ome }) => (
        <ChosenFiles
          key={id}
          {...{ field, ome, words }}
          onRename={(name) => change(id, (draft) => ({ ...draft, field: { ...draft.field, name } }))}
          onReassign={(from, to) => change(id, (draft) => withPart(draft, from, to))}
          onOme={(found) => change(id, (draft) => ({ ...draft, ome: found }))}
          onRemove={() => setDrafts(drafts.filter((other) => other.id !== id))}
        />
      ))}
      {drafts.length > 0 && (
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
          <button type="button" class="primary" disabled={!ready || !drafts.every(isAnswered)} onClick={send}>
            {words.send}
          </button>
        </p>
      )}
    </section>
  );
}

/** A field as it is chosen, before it is sent. */
interface Draft {
  readonly id: number;
  readonly field: ChosenField;
  readonly ome: OmeChannels | Problem | null;
}

let lastId = 0;

/** Whether nothing is left to be said of its channels; a file that cannot be read is told so again when it is sent. */
function isAnswered({ field, ome }: Draft): boolean {
  if (field.files.image === undefined) return true;
  return ome !== null && ('code' in ome || openRoles(ome.roles).length === 0);
}

/** @throws InputError `channel-unknown` */
function answeredField({ field, ome }: Draft): ChosenField {
  const { image } = field.files;
  if (image === undefined || ome === null || 'code' in ome) return field;
  return { ...field, channels: channelNames(ome.channels, ome.roles, image.name) };
}

/** With the file of one part moved to another, whose own file takes its place. */
function withPart({ field, ome, ...draft }: Draft, from: Part, to: Part): Draft {
  const files = { ...field.files, [to]: field.files[from], [from]: field.files[to] };
  return { ...draft, field: { ...field, files }, ome: files.image === field.files.image ? ome : null };
}
