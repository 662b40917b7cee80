import type { Command } from 'commander';
import { LOCATIONS } from '../common/index.js';
import { type Evaluation, evaluateFolders } from '../runs/index.js';
import { formatTable, type Output } from './output.js';

interface EvaluateOptions {
  truth: string;
  predictions: string;
  json: boolean;
}

/** `cytolocus evaluate`: predictions against truth. */
export async function evaluate(options: EvaluateOptions, output: Output): Promise<void> {
  const evaluation = await evaluateFolders(options.truth, options.predictions);
  noteFields(
    output,
    evaluation.missing,
    'fields of the truth have no prediction; their cells count as missed',
  );
  noteFields(output, evaluation.unknown, 'predicted fields are not in the truth; they do not count');
  if (options.json) output.print(JSON.stringify(toJson(evaluation), null, 2));
  else for (const line of describeEvaluation(evaluation)) output.print(line);
}

function noteFields(output: Output, fields: readonly string[], what: string): void {
  if (fields.length === 0) return;
  const some = fields.slice(0, 5).join(', ');
  output.note(`warning: ${fields.length} ${what}: ${some}${fields.length > 5 ? ', ...' : ''}`);
}

/** The contract of `evaluate --json`; null stands where there is nothing to score. */
function toJson({ locations, segmentation }: Evaluation) {
  const { ap50, ap60, ap75, f1_50, f1_75, images, truthCells } = segmentation;
  const scores = { ap50, ap60, ap75, f1_50, f1_75 };
  const perLocation = locations?.perLocation.map((ap, id) => [LOCATIONS[id], numberOrNull(ap)]) ?? [];
  return {
    ...(locations === null
      ? {}
      : { mAP: numberOrNull(locations.mAP), perLocation: Object.fromEntries(perLocation) }),
    segmentation: Object.fromEntries(
      Object.entries(scores).map(([key, value]) => [key, numberOrNull(value)]),
    ),
    images,
    cells: truthCells,
  };
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The evaluation as lines for people. */
export function describeEvaluation({ locations, segmentation }: Evaluation): string[] {
  const { ap50, ap60, ap75, f1_50, f1_75, images, truthCells, predictedCells } = segmentation;
  const lines = [
    `${images} fields, ${truthCells} true cells, ${predictedCells} predicted`,
    `segmentation: AP ${ap50.toFixed(3)} at IoU 0.5, ${ap60.toFixed(3)} at 0.6, ${ap75.toFixed(3)} at 0.75; ` +
      `F1 ${f1_50.toFixed(3)} at 0.5, ${f1_75.toFixed(3)} at 0.75`,
  ];
  if (locations === null) return [...lines, 'no locations in the truth (no cells.csv)'];
  const rows = locations.perLocation.flatMap((ap, id) =>
    Number.isNaN(ap) ? [] : [[LOCATIONS[id], ap.toFixed(3)]],
  );
  return [
    ...lines,
    `mAP over ${rows.length} locations (competition's metric, IoU 0.6): ${locations.mAP.toFixed(3)}`,
    ...formatTable(['location', 'AP'], rows, [false, true]),
  ];
}

/** Adds the command to the program. */
export function addEvaluate(program: Command, output: Output): void {
  program
    .command('evaluate')
    .description("score predictions against truth: the competition's mAP, AP a location, segmentation")
    .requiredOption('--truth <dir>', 'truth folder: ID/cells.png for each field, cells.csv with locations')
    .requiredOption('--predictions <dir>', 'folder written by predict')
    .option('--json', 'print the scores as JSON', false)
    .action((options: EvaluateOptions) => evaluate(options, output));
}
