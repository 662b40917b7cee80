/** Fields, their images and their results in this browser's own database, for the page's next visit. */
import type { Corrections } from '../../predict/index.js';
import type { FieldResult, Place } from './field.js';
import type { ChosenField } from './names.js';

export interface KeptField {
  readonly key: string;
  /** When it was chosen, ms since 1970. */
  readonly at: number;
  readonly chosen: ChosenField;
  readonly pixelSizeUm: number | null;
  readonly place: Place;
  readonly id: string | null;
  readonly result: FieldResult | null;
  readonly corrections: Corrections;
  /** The server does not have the corrections yet. */
  readonly unsaved: boolean;
}

export interface KeptFields {
  /** The oldest first. */
  list(): Promise<KeptField[]>;
  put(field: KeptField): Promise<void>;
  remove(key: string): Promise<void>;
}

const DATABASE = 'cytolocus';
/** Raised whenever `KeptField` changes: what an older page kept is then dropped. */
const VERSION = 1;
const STORE = 'fields';

let opening: Promise<IDBDatabase> | null = null;

function openDatabase(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const { result: database } = request;
      if (database.objectStoreNames.contains(STORE)) database.deleteObjectStore(STORE);
      database.createObjectStore(STORE, { keyPath: 'key' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** One request in a transaction of its own; done when the transaction is. */
async function ask<Answer>(
  mode: IDBTransactionMode,
  request: (store: IDBObjectStore) => IDBRequest<Answer>,
): Promise<Answer> {
  const transaction = (await openDatabase()).transaction(STORE, mode);
  const asked = request(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Every call rejects where the browser keeps nothing (its own private windows, no room left). */
export const keptFields: KeptFields = {
  async list() {
    const fields = (await ask('readonly', (store) => store.getAll())) as KeptField[];
    return fields.sort((a, b) => a.at - b.at);
  },
  async put(field) {
    await ask('readwrite', (store) => store.put(field));
  },
  async remove(key) {
    await ask('readwrite', (store) => store.delete(key));
  },
};
