import { type Command, Option } from 'commander';
import { UsageError } from '../common/index.js';
import {
  checkSubmission,
  differenceOf,
  type Evaluation,
  evaluateAgainst,
  evaluateLabels,
  evaluationJson,
  formatOf,
  type HeadlineIntervals,
  intervalsJson,
  intervalsOf,
  labelEvaluationJson,
  openTruth,
  writeEvaluationReport,
} from '../evaluation/index.js';
import { DEFAULT_THRESHOLD } from '../predict/index.js';
import type { BootstrapOptions } from '../scoring/index.js';
import {
  describeDifference,
  describeEvaluation,
  describeIntervals,
  describeLabels,
  describeProblem,
} from './evaluation-lines.js';
import { share, wholeNumber } from './options.js';
import type { Output } from './output.js';

interface EvaluateOptions {
  truth?: string;
  predictions?: string;
  against?: string;
  check?: string;
  report?: string;
  images?: string;
  mode: 'strict' | 'oid';
  threshold: number;
  resamples: number;
  json: boolean;
}

/** `cytolocus evaluate`: predictions against truth, or the check of a submission file. Returns false where that fails. */
async function evaluate(options: EvaluateOptions, output: Output): Promise<boolean> {
  if (options.check !== undefined) return check(options.check, options, output);
  const { truth, predictions } = options;
  if (options.images !== undefined && options.report === undefined) {
    throw new UsageError('bad-option', '--images is only of use with --report, which draws on them');
  }
  if (truth === undefined || predictions === undefined) {
    throw new UsageError('bad-option', 'expected --truth and --predictions, or --check submission.csv');
  }
  if ((await formatOf(truth)) === 'labels') await scoreLabels(truth, predictions, options, output);
  else await scoreCells(truth, predictions, options, output);
  return true;
}

async function scoreCells(
  truthPath: string,
  predictionsPath: string,
  options: EvaluateOptions,
  output: Output,
): Promise<void> {
  const { against, mode, threshold, report } = options;
  const truth = await openTruth(truthPath);
  const evaluation = await evaluateAgainst(truth, predictionsPath, { mode, threshold });
  noteImages(output, evaluation);
  const other = against === undefined ? null : await evaluateAgainst(truth, against, { mode, threshold });
  if (other !== null) noteImages(output, other);
  const resampling: BootstrapOptions = { resamples: options.resamples };
  const wanted = options.resamples > 0;
  const intervals = wanted ? intervalsOf(evaluation, resampling) : null;
  const otherIntervals = wanted && other !== null ? intervalsOf(other, resampling) : null;
  const difference = wanted && other !== null ? differenceOf(evaluation, other, resampling) : null;
  if (report !== undefined) {
    await writeEvaluationReport(report, {
      evaluation,
      intervals,
      threshold,
      mode,
      truth: truthPath,
      predictions: predictionsPath,
      images: options.images,
      comparison:
        other && against !== undefined ? { evaluation: other, predictions: against, difference } : null,
    });
    output.note(`report: ${report}`);
  }
  if (options.json) {
    const json = {
      ...evaluationJson(evaluation, intervals, threshold),
      ...(other && {
        against: evaluationJson(other, otherIntervals, threshold),
        ...(difference && { difference: intervalsJson(difference) }),
      }),
    };
    output.print(JSON.stringify(json, null, 2));
    return;
  }
  printEvaluation(output, evaluation, intervals, threshold);
  if (other === null) return;
  output.print('');
  output.print(`against ${against}:`);
  printEvaluation(output, other, otherIntervals, threshold);
  if (difference === null) return;
  output.print('');
  for (const line of describeDifference(difference)) output.print(line);
}

function printEvaluation(
  output: Output,
  evaluation: Evaluation,
  intervals: HeadlineIntervals | null,
  threshold: number,
): void {
  for (const line of describeEvaluation(evaluation, threshold)) output.print(line);
  if (intervals !== null) for (const line of describeIntervals(intervals)) output.print(line);
}

async function scoreLabels(
  truth: string,
  predictions: string,
  { threshold, json }: EvaluateOptions,
  output: Output,
): Promise<void> {
  const evaluation = await evaluateLabels(truth, predictions, threshold);
  noteImages(output, evaluation);
  if (json) output.print(JSON.stringify(labelEvaluationJson(evaluation), null, 2));
  else for (const line of describeLabels(evaluation)) output.print(line);
}

async function check(path: string, { truth, json }: EvaluateOptions, output: Output): Promise<boolean> {
  const report = await checkSubmission(path, truth);
  const { problems, errors, warnings, rows, detections } = report;
  if (json) output.print(JSON.stringify(report, null, 2));
  else {
    for (const problem of problems) output.print(describeProblem(problem));
    const more = errors + warnings - problems.length;
    if (more > 0) output.print(`... and ${more} more`);
    output.print(`${path}: ${rows} images, ${detections} detections; ${errors} errors, ${warnings} warnings`);
  }
  return errors === 0;
}

function noteImages(output: Output, found: Pick<Evaluation, 'missing' | 'unknown'>): void {
  noteFields(output, found.missing, 'fields of the truth have no prediction; their cells count as missed');
  noteFields(output, found.unknown, 'predicted fields are not in the truth; they do not count');
}

function noteFields(output: Output, fields: readonly string[], what: string): void {
  if (fields.length === 0) return;
  const some = fields.slice(0, 5).join(', ');
  output.note(`warning: ${fields.length} ${what}: ${some}${fields.length > 5 ? ', ...' : ''}`);
}

const HELP = `
Truth:        a folder with ID/cells.png (16-bit label images) and cells.csv (field,cell,locations; without it only
              outlines are scored); a COCO data set; a CSV file in the submission's format, whose confidences count for
              nothing; or labels of whole images (ID,Label of 2021, Id,Target of 2018).
Predictions:  a folder written by predict; COCO results, or a COCO data set whose annotations have scores; a
              submission file; against labels of images also a table of labels (ID,Label or Id,Predicted).

With --against both models are scored on the same images, and their difference gets an interval.
`;

/** Adds the command's arguments and options. */
export function addEvaluate(command: Command, output: Output, done: (success: boolean) => void): void {
  command
    .option('--truth <path>', 'what is true: a folder, COCO data set, or CSV file (see below)')
    .option('--predictions <path>', 'what is scored: a folder, COCO results, or submission.csv (see below)')
    .option('--against <path>', 'predictions of a second model, to compare with')
    .option(
      '--check <submission.csv>',
      'only check a submission file; with --truth also that its images and sizes are those of the truth',
    )
    .option('--report <file.html>', 'write a report: one page that needs nothing else')
    .option('--images <dir>', 'fields of view, to draw the worst fields and cells of the report on')
    .addOption(
      new Option(
        '--mode <mode>',
        'strict: every class is verified in every image; oid: detections of others are ignored',
      )
        .choices(['strict', 'oid'])
        .default('strict'),
    )
    .option(
      '--threshold <t>',
      'score from which a location counts as called',
      share('--threshold'),
      DEFAULT_THRESHOLD,
    )
    .option(
      '--resamples <n>',
      'bootstrap resamples of the images for 95 % intervals; 0: none',
      wholeNumber('--resamples', 0),
      1000,
    )
    .option('--json', 'print the scores as JSON', false)
    .addHelpText('after', HELP)
    .action(async (options: EvaluateOptions) => done(await evaluate(options, output)));
}
