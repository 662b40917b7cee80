import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { InputError } from '../../common/index.js';
import {
  type AppendFile,
  type NpyWriter,
  openForAppend,
  openNpyForAppend,
  prepareFolder,
} from '../../io/index.js';
import {
  cropBytes,
  cropShape,
  isStore,
  readDescription,
  type StoreDescription,
  shardName,
  writeDescription,
} from './description.js';
import {
  CELLS_FILE,
  CELLS_HEADER,
  type CellFacts,
  FIELDS_FILE,
  FIELDS_HEADER,
  formatCell,
  formatField,
  readCells,
  readFields,
  type StoredField,
} from './table.js';

/** Adds crops to a store; two writers at once would spoil it. */
export interface StoreWriter {
  /** Fields whose crops are all there, by id. */
  readonly finished: ReadonlyMap<string, StoredField>;
  /** Cells in the store, at any moment. */
  readonly count: number;
  /**
   * Adds the crops of one field and marks it as finished. Cells of it that are there already (a writer was killed
   * between them) are left as they are.
   *
   * @param crops cells x channels x size x size bytes, 255 stands for 1
   * @param fingerprint says what the crops were made from, so that a changed field can be told from a finished one
   * @throws InputError `not-writable`; `store-crops-size`, `store-field-twice`: mistakes of the caller
   */
  append(field: string, cells: readonly CellFacts[], crops: Uint8Array, fingerprint: string): Promise<void>;
  /** Waits until all is on the disk and closes the files; the store can be added to again later. */
  close(): Promise<void>;
}

/**
 * Opens a store for writing: a new one, or one that is there, to which crops are added.
 *
 * The order of writing makes a store whole at every moment: first the crops' bytes, then their rows in `cells.csv`, at
 * last the field's row in `fields.csv`. A killed writer leaves bytes without rows, which the next one overwrites, or a
 * piece of a row, which readers leave out and the next writer removes.
 *
 * @throws InputError `not-writable`, `store-other-options` where the store that is there was made in another way, and
 *   what `openStore` throws of its tables
 */
export async function openStoreForAppend(
  folder: string,
  description: StoreDescription,
): Promise<StoreWriter> {
  await prepareFolder(folder);
  if (await isStore(folder)) checkSame(folder, await readDescription(folder), description);
  else await writeDescription(folder, description);
  const { cropsPerShard } = description;
  const length = cropBytes(description);
  const cellTable = await readCells(folder, cropsPerShard);
  const fieldTable = await readFields(folder);
  const finished = new Map(fieldTable.rows.map((row) => [row.field, row]));
  const there = new Set(cellTable.rows.map(cellKey));
  // Only the last shard can have room.
  const last = cellTable.rows.reduce((most, { shard }) => Math.max(most, shard), 0);
  let shard = last;
  let row = cellTable.rows.reduce(
    (most, cell) => (cell.shard === last ? Math.max(most, cell.row + 1) : most),
    0,
  );
  let shardFile: NpyWriter | null = null;
  const cellFile = await openTable(join(folder, CELLS_FILE), CELLS_HEADER, cellTable.bytes);
  const fieldFile = await openTable(join(folder, FIELDS_FILE), FIELDS_HEADER, fieldTable.bytes).catch(
    async (error: unknown) => {
      await cellFile.close();
      throw error;
    },
  );

  const closeShard = async () => {
    const file = shardFile;
    shardFile = null;
    if (file !== null) await syncAndClose(file);
  };
  /** Adds crops, at most as many as the shard has room for. */
  const appendToShard = async (cells: readonly CellFacts[], crops: Uint8Array) => {
    shardFile ??= await openNpyForAppend(join(folder, shardName(shard)), cropShape(description), row);
    await shardFile.append(crops);
    const rows = cells.map((cell, i) =>
      formatCell({
        ...cell,
        shard,
        row: row + i,
        crc32: crc32(crops.subarray(i * length, (i + 1) * length)),
      }),
    );
    await cellFile.append(rows.join(''));
    row += cells.length;
  };

  return {
    finished,
    get count() {
      return there.size;
    },
    async append(field, cells, crops, fingerprint) {
      if (finished.has(field)) {
        throw new InputError('store-field-twice', `${folder}: the crops of field ${field} are there already`);
      }
      if (crops.length !== cells.length * length) {
        throw new InputError(
          'store-crops-size',
          `${folder}: ${cells.length} crops of field ${field} need ${cells.length * length} bytes, got ${crops.length}`,
        );
      }
      const missing = cells.flatMap((cell, i) => (there.has(cellKey(cell)) ? [] : [i]));
      for (let done = 0; done < missing.length; ) {
        if (row >= cropsPerShard) {
          await closeShard();
          shard++;
          row = 0;
        }
        const part = missing.slice(done, done + cropsPerShard - row);
        await appendToShard(
          part.map((i) => cells[i]),
          takeCrops(crops, part, length),
        );
        for (const i of part) there.add(cellKey(cells[i]));
        done += part.length;
      }
      const finishedField = { field, cells: cells.length, fingerprint };
      await fieldFile.append(formatField(finishedField));
      finished.set(field, finishedField);
    },
    async close() {
      // In the order of writing; each is closed, whatever goes wrong with another.
      try {
        await closeShard();
      } finally {
        await syncAndClose(cellFile).finally(() => syncAndClose(fieldFile));
      }
    },
  };
}

async function syncAndClose(file: Pick<AppendFile, 'sync' | 'close'>): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function openTable(path: string, header: string, keptBytes: number): Promise<AppendFile> {
  const file = await openForAppend(path, keptBytes);
  if (keptBytes === 0) await file.append(header);
  return file;
}

function cellKey({ field, cell }: Pick<CellFacts, 'field' | 'cell'>): string {
  return `${cell} ${field}`;
}

/** The crops with the given indices, one after the other; no copy where they lie so. */
function takeCrops(crops: Uint8Array, indices: readonly number[], length: number): Uint8Array {
  const first = indices[0];
  if (indices.every((index, i) => index === first + i)) {
    return crops.subarray(first * length, (first + indices.length) * length);
  }
  const taken = new Uint8Array(indices.length * length);
  indices.forEach((index, i) => {
    taken.set(crops.subarray(index * length, (index + 1) * length), i * length);
  });
  return taken;
}

function checkSame(folder: string, found: StoreDescription, wanted: StoreDescription): void {
  const facts = ({ crop, outlines, program, balance }: StoreDescription): Record<string, unknown> => ({
    ...{ ...crop, outlines, program, balance },
  });
  const [old, now] = [facts(found), facts(wanted)];
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [was, is] = [JSON.stringify(old[name]), JSON.stringify(now[name])];
    if (was === is) continue;
    throw new InputError(
      'store-other-options',
      `${folder}: the store there was made with ${name} ${was ?? 'not given'}, now it is ${is ?? 'not given'}; ` +
        'choose another folder, or give the same options',
    );
  }
}
