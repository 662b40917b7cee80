import { CytolocusError } from '../common/index.js';
import { readCsvRecords } from '../io/index.js';
import { createSubmissionCheck, type SubmissionReport } from '../scoring/index.js';
import { openTruth } from './truth.js';

/**
 * Checks a submission file, read as a stream (see `createSubmissionCheck`).
 * @param truthPath where given, the file must have a row for each of its images, of their sizes; the competition's
 *   sample submission serves
 * @throws InputError where the file cannot be read at all, or the truth is wrong
 */
export async function checkSubmission(path: string, truthPath?: string): Promise<SubmissionReport> {
  const images = truthPath === undefined ? undefined : await imageSizes(truthPath);
  const check = createSubmissionCheck({ images });
  let lastLine = 1;
  let isFirst = true;
  try {
    for await (const { line, fields } of readCsvRecords(path)) {
      if (isFirst) check.header(fields, line);
      else check.row(fields, line);
      isFirst = false;
      lastLine = line;
    }
  } catch (error) {
    // What stood before the damage was checked: say that too.
    if (!(error instanceof CytolocusError) || error.code !== 'table-syntax') throw error;
    check.unreadable(error.message, lastLine);
  }
  if (isFirst) check.header([], 1);
  return check.report(lastLine);
}

async function imageSizes(path: string): Promise<Map<string, { width: number; height: number }>> {
  const truth = await openTruth(path);
  const sizes = new Map<string, { width: number; height: number }>();
  for (const id of truth.ids) {
    const { width, height } = await truth.read(id);
    sizes.set(id, { width, height });
  }
  return sizes;
}
