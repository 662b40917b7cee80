import { describe, expect, test, vi } from 'vitest';
import { CytolocusError } from '../../src/common/index.js';
import type { FieldOfView } from '../../src/imaging/index.js';
import type { Corrections } from '../../src/predict/index.js';
import type { FieldResult } from '../../src/web/page/field.js';
import { createFieldStore, type FieldStoreParts } from '../../src/web/page/field-store.js';
import type { KeptField } from '../../src/web/page/kept-fields.js';

const LABELS = { width: 1, height: 1, runs: Int32Array.from([0, 1]) };
const RESULT: FieldResult = {
  cells: [],
  labels: { cells: LABELS, nuclei: LABELS },
  warnings: [],
  seconds: 1,
};
const CHOSEN = { name: 'f', files: {} };
const unreachable = () => Promise.reject(new CytolocusError('server-unreachable', 'no answer'));
const unknown = () => Promise.reject(new CytolocusError('prediction-unknown', 'gone'));

/** A store whose server and browser answer well, but for what is replaced. */
function open(
  parts: { server?: Partial<FieldStoreParts['server']> } & Partial<Omit<FieldStoreParts, 'server'>>,
) {
  const kept = new Map<string, KeptField>();
  const saved: Corrections[] = [];
  const all: FieldStoreParts = {
    read: async () => ({ id: 'f' }) as FieldOfView,
    predictHere: async () => RESULT,
    kept: {
      list: async () => [...kept.values()],
      put: async (field) => void kept.set(field.key, field),
      remove: async (key) => void kept.delete(key),
    },
    ...parts,
    server: {
      send: async () => 'job',
      result: async () => ({ result: RESULT, corrections: {} }),
      corrections: async () => ({}),
      saveCorrections: async (_, corrections) => void saved.push(corrections),
      remove: async () => {},
      ...parts.server,
    },
  };
  const store = createFieldStore(all);
  const settled = () =>
    vi.waitFor(() => expect(store.state.fields.every(({ state }) => state !== 'working')).toBe(true));
  return { store, all, kept, saved, settled };
}

describe('a field', () => {
  test('goes to the server and back, and is kept', async () => {
    const { store, kept, settled } = open({});
    const [key] = store.send([CHOSEN], null, 'server');
    await settled();
    expect(store.state.fields[0]).toMatchObject({ key, id: 'job', state: 'done', result: RESULT });
    await vi.waitFor(() =>
      expect(kept.get(key)).toMatchObject({ id: 'job', result: RESULT, unsaved: false }),
    );
  });

  test('of private mode never meets the server', async () => {
    const { store, settled } = open({ server: { send: unreachable, result: unreachable } });
    store.send([CHOSEN], null, 'browser');
    await settled();
    expect(store.state.fields[0]).toMatchObject({ id: null, state: 'done' });
  });

  test('that fails says why, stops no other, and can be tried again', async () => {
    let bad = true;
    const read = async ({ name }: { name: string }) => {
      if (name === 'bad' && bad) throw new CytolocusError('image-damaged', 'x', { values: { file: 'a' } });
      return { id: name } as FieldOfView;
    };
    const { store, kept, settled } = open({ read });
    const [key] = store.send([{ ...CHOSEN, name: 'bad' }, CHOSEN], null, 'server');
    await settled();
    expect(store.state.fields.map(({ state }) => state)).toEqual(['failed', 'done']);
    expect(store.state.fields[0].problem).toMatchObject({ code: 'image-damaged', values: { file: 'a' } });
    await vi.waitFor(() => expect([...kept.keys()]).not.toContain(key));
    bad = false;
    store.retry(key, 'server');
    await settled();
    expect(store.state.fields[0]).toMatchObject({ state: 'done', problem: null });
  });

  test('is forgotten here and on the server', async () => {
    const remove = vi.fn(async () => {});
    const { store, kept, settled } = open({ server: { remove } });
    const [key] = store.send([CHOSEN], null, 'server');
    await settled();
    await store.remove(key);
    expect(store.state.fields).toEqual([]);
    expect(kept.size).toBe(0);
    expect(remove).toHaveBeenCalledWith('job');
  });
});

test('no more than two fields are worked on at once', async () => {
  let running = 0;
  let most = 0;
  const predictHere = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    return RESULT;
  };
  const { store, settled } = open({ predictHere });
  store.send([CHOSEN, CHOSEN, CHOSEN, CHOSEN], null, 'browser');
  await settled();
  expect(most).toBe(2);
});

describe('after a reload', () => {
  const KEPT: KeptField = {
    ...{ key: 'k', at: 1, chosen: CHOSEN, pixelSizeUm: null, place: 'server', id: 'job', result: RESULT },
    ...{ corrections: { 1: { deleted: true } }, unsaved: false },
  };
  const restored = async (field: Partial<KeptField>, parts: Parameters<typeof open>[0] = {}) => {
    const list = async () => [{ ...KEPT, ...field }];
    const opened = open({ kept: { list, put: async () => {}, remove: async () => {} }, ...parts });
    await opened.store.restore();
    return opened;
  };

  test('a result is there at once, with its corrections', async () => {
    const { store } = await restored({});
    expect(store.state.fields[0]).toMatchObject({
      ...{ state: 'done', result: RESULT, saving: 'saved', corrections: KEPT.corrections },
    });
  });

  test('a job that the server had accepted is waited for', async () => {
    const { store, settled } = await restored({ result: null }, { server: { send: unreachable } });
    expect(store.state.fields[0].state).toBe('working');
    await settled();
    expect(store.state.fields[0].state).toBe('done');
  });

  test('work that the page itself had not ended is not begun again unasked', async () => {
    const { store } = await restored({ result: null, id: null, place: 'browser' });
    expect(store.state.fields[0]).toMatchObject({ state: 'failed', problem: { code: 'page-closed' } });
  });

  test('a prediction that has expired is named so, and its corrections stay here', async () => {
    const { store, saved } = await restored(
      {},
      { server: { corrections: unknown, saveCorrections: unknown } },
    );
    await store.check('k');
    expect(store.state.fields[0]).toMatchObject({
      ...{ serverProblem: { code: 'prediction-unknown' }, saving: 'here', result: RESULT },
    });
    await store.correct('k', 2, { locations: [3] });
    expect(store.state.fields[0].saving).toBe('here');
    expect(saved).toEqual([]);
  });

  test('corrections made elsewhere are taken over, but not over unsaved ones', async () => {
    const elsewhere: Corrections = { 5: { locations: [0] } };
    const server = { corrections: async () => elsewhere };
    const clean = await restored({}, { server });
    await clean.store.check('k');
    expect(clean.store.state.fields[0].corrections).toEqual(elsewhere);
    const unsaved = await restored({ unsaved: true }, { server });
    await unsaved.store.check('k');
    expect(unsaved.store.state.fields[0]).toMatchObject({
      ...{ corrections: KEPT.corrections, saving: { code: 'corrections-unsaved' } },
    });
  });
});

describe('corrections', () => {
  test('whose saving fails stay, say so, and can be saved again', async () => {
    let fails = true;
    const saved: Corrections[] = [];
    const saveCorrections = async (_: string, corrections: Corrections) => {
      if (fails) await unreachable();
      saved.push(corrections);
    };
    const { store, kept, settled } = open({ server: { saveCorrections } });
    const [key] = store.send([CHOSEN], null, 'server');
    await settled();
    await store.correct(key, 3, { locations: [1] });
    const corrections = { 3: { locations: [1] } };
    expect(store.state.fields[0]).toMatchObject({ corrections, saving: { code: 'server-unreachable' } });
    expect(kept.get(key)).toMatchObject({ corrections, unsaved: true });
    fails = false;
    await store.saveAgain(key);
    expect(store.state.fields[0].saving).toBe('saved');
    expect(saved).toEqual([corrections]);
    expect(kept.get(key)).toMatchObject({ unsaved: false });
  });

  test('made while others are saved come after them, and the last is what the server has', async () => {
    const { store, saved, settled } = open({});
    const [key] = store.send([CHOSEN], null, 'server');
    await settled();
    await Promise.all([
      store.correct(key, 1, { deleted: true }),
      store.correct(key, 2, { deleted: true }),
      store.correct(key, 1, undefined),
    ]);
    await vi.waitFor(() => expect(store.state.fields[0].saving).toBe('saved'));
    expect(saved.at(-1)).toEqual({ 2: { deleted: true } });
    expect(saved.length).toBeLessThan(3);
  });
});

test('a browser that keeps nothing is no hindrance, but told', async () => {
  const refuse = () => Promise.reject(new Error('no room'));
  const { store, settled } = open({ kept: { list: refuse, put: refuse, remove: refuse } });
  await store.restore();
  store.send([CHOSEN], null, 'server');
  await settled();
  expect(store.state.fields[0].state).toBe('done');
  expect(store.state.keepingProblem?.message).toBe('no room');
});
