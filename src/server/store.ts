import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolders, prepareFolder, readTextIfThere, writeFileAtomic } from '../io/index.js';
import { isFinished, type Job, jobSchema } from './job.js';

/**
 * Jobs on disk: a folder each, named by its id, with `input/` (gone after use), `result/` and `job.json`. The record lies
 * beside what it speaks of, so neither can outlive the other; a folder without a record is an upload that was not accepted.
 */
export interface JobStore {
  /** A new folder for an upload, with its id. */
  open(): Promise<{ id: string; folder: string }>;
  folderOf(id: string): string;
  get(id: string): Job | undefined;
  /** All jobs, in the order in which they were accepted. */
  list(): Job[];
  save(job: Job): Promise<void>;
  /** Remembers a state that need not outlive the server: how far the work is. */
  note(job: Job): void;
  /** Removes what was uploaded. */
  removeInput(id: string): Promise<void>;
  /**
   * Removes a job, or an upload that was not accepted, with all its files. It is unknown at once; its files go when nobody works on them any
   * more.
   * @param released awaited before the files are removed
   */
  remove(id: string, released?: () => Promise<void>): Promise<void>;
  /** Removes finished jobs that are older than `keepSeconds`, the oldest ones beyond `storeBytes`, and what belongs to no job. */
  sweep(keepSeconds: number, storeBytes: number): Promise<void>;
  /** Bytes of all files, as the last sweep found them. */
  bytes(): number;
}

const RECORD = 'job.json';

/**
 * Opens the store and reads its jobs; what an earlier server left without a record is removed.
 * @throws InputError `not-writable`
 */
export async function openJobStore(root: string): Promise<JobStore> {
  await prepareFolder(root);
  const folderOf = (id: string) => join(root, id);
  const found: Job[] = [];
  for (const id of await listFolders(root)) {
    const job = await readJob(folderOf(id));
    if (job?.id === id) found.push(job);
    else await removeFolder(folderOf(id));
  }
  found.sort((a, b) => timeOf(a) - timeOf(b));
  const jobs = new Map(found.map((job) => [job.id, job]));
  /** Uploads under way. */
  const uploads = new Set<string>();
  let bytes = 0;

  const remove = async (id: string, released?: () => Promise<void>) => {
    jobs.delete(id);
    await released?.();
    await removeFolder(folderOf(id));
    uploads.delete(id);
  };

  return {
    async open() {
      const id = randomUUID();
      uploads.add(id);
      const folder = folderOf(id);
      await prepareFolder(join(folder, 'input'));
      return { id, folder };
    },
    folderOf,
    get: (id) => jobs.get(id),
    list: () => [...jobs.values()],
    async save(job) {
      // A job that was deleted meanwhile stays deleted.
      if (!jobs.has(job.id) && !uploads.has(job.id)) return;
      jobs.set(job.id, job);
      uploads.delete(job.id);
      await writeFileAtomic(join(folderOf(job.id), RECORD), JSON.stringify(job));
    },
    note(job) {
      if (jobs.has(job.id)) jobs.set(job.id, job);
    },
    removeInput: (id) => removeFolder(join(folderOf(id), 'input')),
    remove,
    async sweep(keepSeconds, storeBytes) {
      for (const id of await listFolders(root)) {
        if (!jobs.has(id) && !uploads.has(id)) await removeFolder(folderOf(id));
      }
      const oldest = Date.now() - keepSeconds * 1000;
      for (const job of [...jobs.values()]) {
        if (isFinished(job) && timeOf(job, -1) < oldest) await remove(job.id);
      }
      const sizes = await Promise.all(
        [...jobs.values()].map(async (job) => ({ job, size: await sizeOf(folderOf(job.id)) })),
      );
      bytes = sizes.reduce((sum, { size }) => sum + size, 0);
      for (const { job, size } of sizes) {
        if (bytes <= storeBytes) break;
        if (!isFinished(job)) continue;
        await remove(job.id);
        bytes -= size;
      }
    },
    bytes: () => bytes,
  };
}

async function readJob(folder: string): Promise<Job | null> {
  const text = await readTextIfThere(join(folder, RECORD));
  if (text === null) return null;
  try {
    return jobSchema.parse(JSON.parse(text));
  } catch {
    // Not a record of this version: nothing could be made of it.
    return null;
  }
}

/** When the job reached a stage: its first by default. */
function timeOf(job: Job, stage = 0): number {
  return Date.parse(job.stages.at(stage)?.at ?? '') || 0;
}

async function removeFolder(path: string): Promise<void> {
  // A worker that was just ended may still be writing into it.
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

async function sizeOf(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // A file may be renamed between listing and asking.
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
    total += found?.size ?? 0;
  }
  return total;
}
