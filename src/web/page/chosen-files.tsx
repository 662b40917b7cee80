import { useEffect } from 'preact/hooks';
import { CHANNELS, guessChannels, type OmeChannel } from '../../imaging/index.js';
import { type Problem, problemOf } from './field.js';
import type { ChosenField, Part } from './names.js';
import { giveRole, openRoles, type Role } from './ome-roles.js';
import { channelsInFile } from './picture.js';
import { tell, type Words } from './words/index.js';

/** The channels of a chosen OME-TIFF, and what each is taken for. */
export interface OmeChannels {
  readonly channels: readonly OmeChannel[];
  readonly roles: readonly Role[];
}

interface ChosenFilesProps {
  readonly field: ChosenField;
  /** Of its OME-TIFF; null where it has none, or while it is read. */
  readonly ome: OmeChannels | Problem | null;
  readonly words: Words;
  onRename(name: string): void;
  onReassign(from: Part, to: Part): void;
  onOme(ome: OmeChannels | Problem): void;
  onRemove(): void;
}

const PARTS: readonly Part[] = [...CHANNELS, 'composite', 'image'];

/** The files chosen for a field: its name, and what each file, and each channel of an OME-TIFF, is taken for. */
export function ChosenFiles({ field, ome, words, onRename, onReassign, onOme, onRemove }: ChosenFilesProps) {
  const { image } = field.files;
  useEffect(() => {
    if (image === undefined) return;
    let isWanted = true;
    const answer = (found: OmeChannels | Problem) => {
      if (isWanted) onOme(found);
    };
    channelsInFile(image).then(
      (channels) => answer({ channels, roles: guessChannels(channels) }),
      (error: unknown) => answer(problemOf(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [image]);
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
      {image !== undefined && ome !== null && 'code' in ome && (
        <p role="alert" class="wrong">
          {tell(words.problems, ome)}
        </p>
      )}
      {image !== undefined && ome !== null && 'roles' in ome && <Roles {...{ ome, words, onOme }} />}
    </fieldset>
  );
}

interface RolesProps {
  readonly ome: OmeChannels;
  readonly words: Words;
  onOme(ome: OmeChannels): void;
}

/** A choice for each channel of an OME-TIFF, and what is still to be chosen. */
function Roles({ ome: { channels, roles }, words, onOme }: RolesProps) {
  const open = openRoles(roles);
  const needed = open.filter((role) => role !== 'er');
  return (
    <>
      <ul class="roles">
        {channels.map((channel, index) => {
          const name = channel.name ?? words.unnamedChannel(index + 1);
          return (
            <li key={index}>
              <span class="file-name">{name}</span>{' '}
              <select
                aria-label={name}
                value={roles[index] ?? ''}
                onChange={(event) => {
                  const role = (event.currentTarget.value || null) as Role;
                  onOme({ channels, roles: giveRole(roles, index, role) });
                }}
              >
                <option value="">{words.channelOpen}</option>
                {CHANNELS.map((role) => (
                  <option key={role} value={role}>
                    {words.channels[role]}
                  </option>
                ))}
                <option value="unused">{words.channelUnused}</option>
              </select>
            </li>
          );
        })}
      </ul>
      <p role="status" class={open.length > 0 ? 'note' : ''}>
        {needed.length > 0
          ? words.sayChannels(needed.map((role) => words.channels[role]).join(', '))
          : open.length > 0 && words.sayEr}
      </p>
    </>
  );
}
