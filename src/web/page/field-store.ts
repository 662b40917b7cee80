import { CytolocusError } from '../../common/index.js';
import type { FieldOfView } from '../../imaging/index.js';
import type { Correction, Corrections } from '../../predict/index.js';
import { type FieldResult, type PageField, type Place, type Problem, problemOf } from './field.js';
import type { KeptField, KeptFields } from './kept-fields.js';
import { createLane } from './lane.js';
import type { ChosenField } from './names.js';

export interface ServerPrediction {
  readonly result: FieldResult;
  readonly corrections: Corrections;
}

/** What the store works with; all throw CytolocusErrors with the problem's code. */
export interface FieldStoreParts {
  read(chosen: ChosenField, pixelSizeUm: number | null): Promise<FieldOfView>;
  predictHere(field: FieldOfView, onStage: (stage: string) => void): Promise<FieldResult>;
  readonly server: {
    /** Sends a field. @returns its id */
    send(chosen: ChosenField, pixelSizeUm: number | null, onStage: (stage: string) => void): Promise<string>;
    /** Waits for the prediction's end. */
    result(id: string, onStage: (stage: string) => void): Promise<ServerPrediction>;
    corrections(id: string): Promise<Corrections>;
    saveCorrections(id: string, corrections: Corrections): Promise<void>;
    /** Removes a prediction if the server still has it and answers; if not, it goes when its time is over. */
    remove(id: string): Promise<void>;
  };
  readonly kept: KeptFields;
}

export interface FieldsState {
  readonly fields: readonly PageField[];
  /** Why this browser keeps nothing for the next visit; null while it does. */
  readonly keepingProblem: Problem | null;
}

/** The page's fields and the work on them; keeps each in the browser so that it can be opened again. */
export interface FieldStore {
  readonly state: FieldsState;
  subscribe(changed: () => void): () => void;
  /** Lists what an earlier visit left; server jobs that were not done are waited for. */
  restore(): Promise<void>;
  /** Works fields off, a few at a time; a bad one never stops the others. @returns their keys */
  send(chosen: readonly ChosenField[], pixelSizeUm: number | null, place: Place): string[];
  /** Starts a failed field once more. */
  retry(key: string, place: Place): void;
  /** Forgets a field, here and on the server. */
  remove(key: string): Promise<void>;
  /** The field's decoded images. @throws as `read` */
  picture(key: string): Promise<FieldOfView>;
  /** Asks the server whether it still has a prediction that this browser kept, and for its corrections. */
  check(key: string): Promise<void>;
  /** Corrects a cell, or takes its correction back (undefined). */
  correct(key: string, cell: number, correction: Correction | undefined): Promise<void>;
  /** Saves corrections whose saving failed. */
  saveAgain(key: string): Promise<void>;
}

/** Fields worked on at once: one is sent while another is computed. */
const AT_ONCE = 2;
/** Decoded fields held: a field of 2048 x 2048 takes 16 MB and more. */
const MOST_PICTURES = 3;

export function createFieldStore(parts: FieldStoreParts): FieldStore {
  let state: FieldsState = { fields: [], keepingProblem: null };
  const listeners = new Set<() => void>();
  const startedAt = new Map<string, number>();
  const pictures = new Map<string, Promise<FieldOfView>>();
  const inLane = createLane(AT_ONCE);
  const savingNow = new Set<string>();
  const savingAgain = new Set<string>();
  let lastKey = 0;

  function set(next: FieldsState): void {
    state = next;
    for (const listener of listeners) listener();
  }
  const find = (key: string) => state.fields.find((field) => field.key === key);
  const change = (key: string, part: Partial<PageField>) =>
    set({
      ...state,
      fields: state.fields.map((field) => (field.key === key ? { ...field, ...part } : field)),
    });

  async function keep(key: string): Promise<void> {
    const field = find(key);
    if (field === undefined) return;
    const { chosen, pixelSizeUm, place, id, result, corrections, saving } = field;
    const unsaved = saving === 'saving' || typeof saving === 'object';
    const at = startedAt.get(key) ?? Date.now();
    try {
      await parts.kept.put({ key, at, chosen, pixelSizeUm, place, id, result, corrections, unsaved });
    } catch (error) {
      set({ ...state, keepingProblem: problemOf(error) });
    }
  }

  async function forget(key: string): Promise<void> {
    try {
      await parts.kept.remove(key);
    } catch (error) {
      set({ ...state, keepingProblem: problemOf(error) });
    }
  }

  function picture(key: string): Promise<FieldOfView> {
    const field = find(key);
    if (field === undefined) return Promise.reject(new CytolocusError('page-failed', `no field ${key}`));
    const found = pictures.get(key) ?? parts.read(field.chosen, field.pixelSizeUm);
    pictures.delete(key);
    pictures.set(key, found);
    const [oldest] = pictures.keys();
    if (pictures.size > MOST_PICTURES) pictures.delete(oldest);
    found.catch(() => pictures.delete(key));
    return found;
  }

  async function work(key: string): Promise<void> {
    const field = find(key);
    if (field === undefined) return;
    const onStage = (stage: string) => change(key, { stage });
    try {
      const prediction =
        field.place === 'browser'
          ? { result: await parts.predictHere(await picture(key), onStage), corrections: {} }
          : await predictOnServer(field, onStage);
      change(key, { ...prediction, state: 'done', stage: 'done' });
      await keep(key);
    } catch (error) {
      change(key, { problem: problemOf(error), state: 'failed', stage: 'failed' });
      // What the server has accepted can be asked for again at the next visit; the rest would only fail again.
      if (find(key)?.id === null) await forget(key);
    }
  }

  async function predictOnServer(
    { key, chosen, pixelSizeUm, id: earlier }: PageField,
    onStage: (stage: string) => void,
  ): Promise<ServerPrediction> {
    if (earlier !== null) return parts.server.result(earlier, onStage);
    // Bad images are found before anything is sent, and named in the page's language.
    await picture(key);
    const id = await parts.server.send(chosen, pixelSizeUm, onStage);
    change(key, { id });
    await keep(key);
    return parts.server.result(id, onStage);
  }

  /** One saving at a time: an older one that arrives late must not undo a newer one. */
  async function save(key: string): Promise<void> {
    if (savingNow.has(key)) {
      savingAgain.add(key);
      return;
    }
    savingNow.add(key);
    do {
      savingAgain.delete(key);
      await saveOnce(key);
    } while (savingAgain.has(key));
    savingNow.delete(key);
  }

  async function saveOnce(key: string): Promise<void> {
    const field = find(key);
    if (field === undefined) return;
    if (field.place === 'browser' || field.id === null) {
      change(key, { saving: 'here' });
      await keep(key);
      return;
    }
    change(key, { saving: 'saving' });
    await keep(key);
    try {
      await parts.server.saveCorrections(field.id, field.corrections);
      change(key, { saving: 'saved', serverProblem: null });
    } catch (error) {
      const problem = problemOf(error);
      const expired = problem.code === 'prediction-unknown';
      change(key, expired ? { saving: 'here', serverProblem: problem } : { saving: problem });
    }
    await keep(key);
  }

  function add(chosen: ChosenField, pixelSizeUm: number | null, place: Place): string {
    const key = `${Date.now().toString(36)}-${lastKey++}`;
    startedAt.set(key, Date.now());
    const blank = { ...BLANK, key, chosen, pixelSizeUm, place };
    set({ ...state, fields: [...state.fields, blank] });
    return key;
  }

  return {
    get state() {
      return state;
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    async restore() {
      let kept: KeptField[];
      try {
        kept = await parts.kept.list();
      } catch (error) {
        set({ ...state, keepingProblem: problemOf(error) });
        return;
      }
      for (const { key, at } of kept) startedAt.set(key, at);
      const restored = kept.map(fieldOfKept).filter(({ key }) => find(key) === undefined);
      set({ ...state, fields: [...restored, ...state.fields] });
      for (const { key, state: unfinished } of restored) {
        if (unfinished === 'working') void inLane(() => work(key));
      }
    },
    send(chosen, pixelSizeUm, place) {
      const keys = chosen.map((field) => add(field, pixelSizeUm, place));
      for (const key of keys) {
        void inLane(async () => {
          await keep(key);
          await work(key);
        });
      }
      return keys;
    },
    retry(key, place) {
      const id = null;
      change(key, { ...{ place, id }, problem: null, state: 'working', stage: 'sending' });
      void inLane(() => work(key));
    },
    async remove(key) {
      const field = find(key);
      set({ ...state, fields: state.fields.filter((other) => other.key !== key) });
      pictures.delete(key);
      await forget(key);
      if (field?.id) await parts.server.remove(field.id);
    },
    picture,
    async check(key) {
      const field = find(key);
      if (!field?.id || field.result === null || field.serverProblem?.code === 'prediction-unknown') return;
      try {
        const corrections = await parts.server.corrections(field.id);
        const unsaved = find(key)?.saving !== 'saved';
        change(key, unsaved ? { serverProblem: null } : { serverProblem: null, corrections });
      } catch (error) {
        const serverProblem = problemOf(error);
        const expired = serverProblem.code === 'prediction-unknown';
        change(key, expired ? { serverProblem, saving: 'here' } : { serverProblem });
      }
    },
    async correct(key, cell, correction) {
      const corrections: Record<string, Correction> = { ...find(key)?.corrections };
      if (correction === undefined) delete corrections[cell];
      else corrections[cell] = correction;
      change(key, { corrections });
      await save(key);
    },
    saveAgain: save,
  };
}

const BLANK: Omit<PageField, 'key' | 'chosen' | 'pixelSizeUm' | 'place'> = {
  ...{ id: null, state: 'working', stage: 'sending', result: null, problem: null },
  ...{ serverProblem: null, corrections: {}, saving: 'saved' },
};

const PAGE_CLOSED: Problem = {
  code: 'page-closed',
  values: {},
  message: 'the page was closed during the work',
};
const NOT_SAVED: Problem = {
  code: 'corrections-unsaved',
  values: {},
  message: 'the corrections are unsaved',
};

/** A field of an earlier visit; what was worked on here is not begun again unasked: it may be what ended the page. */
function fieldOfKept({ key, chosen, pixelSizeUm, place, id, result, ...rest }: KeptField): PageField {
  const field = { ...BLANK, key, chosen, pixelSizeUm, place, id, result, corrections: rest.corrections };
  if (result !== null) {
    const saving = rest.unsaved ? NOT_SAVED : id === null ? 'here' : 'saved';
    return { ...field, state: 'done', stage: 'done', saving };
  }
  return id !== null ? field : { ...field, state: 'failed', stage: 'failed', problem: PAGE_CLOSED };
}
