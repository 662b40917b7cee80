import { type CocoResult, parseCocoResults } from '../masks/index.js';
import { readJsonList } from './json-list.js';

/**
 * The detections of a COCO results file one after the other: such files reach several GB.
 * @throws InputError `file-missing`, `file-unreadable`, `json-syntax`, `coco-format`
 */
export async function* readCocoResults(path: string): AsyncGenerator<CocoResult> {
  let number = 0;
  for await (const item of readJsonList(path)) {
    number++;
    yield* parseCocoResults([item], `${path}, result ${number}`);
  }
}
