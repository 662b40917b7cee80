import { type FileHandle, open } from 'node:fs/promises';
import { orClose, writeError } from './file.js';

/** A text file that grows at its end. */
export interface AppendFile {
  /** @throws InputError `not-writable` */
  append(text: string): Promise<void>;
  /** Waits until all is on the disk, not only in the system's memory. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a text file for appending after its first `keptBytes`; what lies behind them is removed. A missing file is made.
 * @throws InputError `not-writable`
 */
export async function openForAppend(path: string, keptBytes: number): Promise<AppendFile> {
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (cause) {
      throw writeError(path, cause);
    }
  };
  const file: FileHandle = await attempt(async () => {
    const opened = await open(path, 'a');
    await orClose(opened, opened.truncate(keptBytes));
    return opened;
  });
  return {
    append: (text) => attempt(() => file.appendFile(text)),
    sync: () => attempt(() => file.datasync()),
    close: () => attempt(() => file.close()),
  };
}
