import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { InputError } from '../../common/index.js';
import { type NpyReader, openNpy } from '../../io/index.js';
import { cropBytes, cropShape, readDescription, type StoreDescription, shardName } from './description.js';
import { readCells, type StoredCell } from './table.js';

/** Crops that a store should hold but cannot give. */
export interface Omission {
  /** File of the shard. */
  readonly shard: string;
  readonly cells: readonly StoredCell[];
  readonly reason: string;
}

/** A store of crops that is open for reading. */
export interface CropStore {
  readonly folder: string;
  readonly description: StoreDescription;
  /** In the order in which the crops lie on the disk. */
  readonly cells: readonly StoredCell[];
  /** What was left out on opening; empty unless asked for. */
  readonly omitted: readonly Omission[];
}

export interface OpenStoreOptions {
  /**
   * `refuse`: a shard that is missing or too short is an error, and a crop whose checksum does not fit is one when it is
   * read. `omit`: everything is read and checked on opening, and what cannot be given is left out and listed.
   * @default 'refuse'
   */
  readonly damaged?: 'refuse' | 'omit';
}

/** Crops are checked in pieces of about so many bytes. */
const CHECK_BYTES = 8 * 2 ** 20;

/**
 * Opens a store of crops, also one whose writer was killed: it holds the crops written until then.
 * @throws InputError `store-missing`, `store-version`, `store-classes`, `store-damaged`, `store-row`, `store-duplicate`,
 *   `store-shard-missing`, `store-shard-damaged`
 */
export async function openStore(folder: string, options: OpenStoreOptions = {}): Promise<CropStore> {
  const description = await readDescription(folder);
  const table = await readCells(folder, description.cropsPerShard);
  const all = [...table.rows].sort((a, b) => a.shard - b.shard || a.row - b.row);
  const omitted: Omission[] = [];
  const kept: StoredCell[] = [];
  for (const cells of groupByShard(all)) {
    if (options.damaged === 'omit') {
      const checked = await checkShard(folder, description, cells);
      kept.push(...checked.sound);
      omitted.push(...checked.omitted);
    } else {
      const file = await openShard({ folder, description }, cells);
      await file.close();
      kept.push(...cells);
    }
  }
  return { folder, description, cells: kept, omitted };
}

/** The cells of each shard, in their order. */
export function groupByShard(cells: readonly StoredCell[]): StoredCell[][] {
  const groups: StoredCell[][] = [];
  for (const cell of cells) {
    const last = groups[groups.length - 1];
    if (last !== undefined && last[0].shard === cell.shard) last.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/**
 * Opens the shard that holds the given cells, all of one shard, in the order of their rows.
 * @throws InputError `store-shard-missing`, `store-shard-damaged` (another file, or too short), `file-unreadable`
 */
export async function openShard(
  { folder, description }: Pick<CropStore, 'folder' | 'description'>,
  cells: readonly StoredCell[],
): Promise<NpyReader> {
  const path = join(folder, shardName(cells[0].shard));
  const advice =
    'copy the store again, train without the damaged crops (--omit-damaged), or make it anew with "cytolocus crops"';
  let file: NpyReader;
  try {
    file = await openNpy(path, cropShape(description));
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    if (cause.code === 'file-missing') {
      throw new InputError(
        'store-shard-missing',
        `${path}: the shard is missing, with ${cells.length} crops; ${advice}`,
        { cause },
      );
    }
    if (cause.code !== 'npy-header') throw cause;
    throw new InputError('store-shard-damaged', `${cause.message}; ${advice}`, { cause });
  }
  const last = cells[cells.length - 1].row;
  if (last < file.rows) return file;
  await file.close();
  throw new InputError(
    'store-shard-damaged',
    `${path}: is too short: it holds ${file.rows} crops, the store's table expects ${last + 1}; ${advice}`,
  );
}

/**
 * The bytes of some cells' crops, one after the other: cells x channels x size x size, 255 stands for 1.
 * @throws InputError `store-shard-missing`, `store-shard-damaged`, `store-crop-damaged` where a checksum does not fit
 */
export async function readCrops(store: CropStore, cells: readonly StoredCell[]): Promise<Uint8Array> {
  const length = cropBytes(store.description);
  const crops = new Uint8Array(cells.length * length);
  const target = (at: number) => crops.subarray(at * length, (at + 1) * length);
  for (let begin = 0; begin < cells.length; ) {
    let end = begin + 1;
    while (end < cells.length && follows(cells[end - 1], cells[end])) end++;
    const file = await openShard(store, cells.slice(begin, end));
    try {
      const targets = Array.from({ length: end - begin }, (_, i) => target(begin + i));
      await file.read(cells[begin].row, targets);
    } finally {
      await file.close();
    }
    begin = end;
  }
  cells.forEach((cell, i) => {
    if (crc32(target(i)) !== cell.crc32) throw damagedCrop(store, cell);
  });
  return crops;
}

/** Whether the second crop lies right after the first. */
export function follows(first: StoredCell, second: StoredCell): boolean {
  return second.shard === first.shard && second.row === first.row + 1;
}

/** The error for a crop whose checksum does not fit. */
export function damagedCrop({ folder }: Pick<CropStore, 'folder'>, cell: StoredCell): InputError {
  return new InputError(
    'store-crop-damaged',
    `${join(folder, shardName(cell.shard))}: the crop in row ${cell.row} (cell ${cell.cell} of field ${cell.field}) is damaged: ` +
      'its checksum does not fit; copy the store again, train without the damaged crops (--omit-damaged), or make it anew',
  );
}

async function checkShard(
  folder: string,
  description: StoreDescription,
  cells: readonly StoredCell[],
): Promise<{ sound: StoredCell[]; omitted: Omission[] }> {
  const shard = shardName(cells[0].shard);
  let file: NpyReader;
  try {
    // What lies behind a shard's end is left out by itself; the crops before it are good.
    file = await openShard({ folder, description }, cells.slice(0, 1));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { sound: [], omitted: [{ shard, cells, reason: error.code }] };
  }
  try {
    const there = cells.filter(({ row }) => row < file.rows);
    const beyond = cells.slice(there.length);
    const bad = await findDamaged(file, there, cropBytes(description));
    const omissions = [
      { shard, cells: beyond, reason: 'store-shard-damaged' },
      { shard, cells: [...bad], reason: 'store-crop-damaged' },
    ];
    return {
      sound: there.filter((cell) => !bad.has(cell)),
      omitted: omissions.filter((omission) => omission.cells.length > 0),
    };
  } finally {
    await file.close();
  }
}

async function findDamaged(
  file: NpyReader,
  cells: readonly StoredCell[],
  length: number,
): Promise<Set<StoredCell>> {
  const bad = new Set<StoredCell>();
  const perRead = Math.max(1, Math.floor(CHECK_BYTES / length));
  const buffers = Array.from({ length: Math.min(perRead, cells.length) }, () => new Uint8Array(length));
  for (let begin = 0; begin < cells.length; ) {
    let end = begin + 1;
    while (end < cells.length && end - begin < perRead && follows(cells[end - 1], cells[end])) end++;
    await file.read(cells[begin].row, buffers.slice(0, end - begin));
    for (let i = begin; i < end; i++) {
      if (crc32(buffers[i - begin]) !== cells[i].crc32) bad.add(cells[i]);
    }
    begin = end;
  }
  return bad;
}
