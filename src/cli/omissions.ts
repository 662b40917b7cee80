import { listed } from '../dataset/index.js';
import type { LeftOut } from '../training/index.js';
import type { Output } from './output.js';

/** Says what was left out: how much of each kind, and the first few of it. Kinds of which nothing was are not told. */
export function noteOmissions(
  output: Output,
  kinds: readonly (readonly [what: string, ids: readonly string[]])[],
): void {
  for (const [what, ids] of kinds) {
    if (ids.length > 0) output.note(`warning: ${ids.length} ${what}, left out: ${listed(ids)}`);
  }
}

/** Says which labelled fields a command does not use, and why. */
export function noteFieldsLeftOut(output: Output, leftOut: LeftOut): void {
  for (const problem of leftOut.problems) output.note(`error: ${problem.message}`);
  noteOmissions(output, [
    ['images without a label', leftOut.imagesWithoutLabel],
    ['labels without an image', leftOut.labelsWithoutImage],
    ['fields without cells', leftOut.fieldsWithoutCells],
  ]);
}
