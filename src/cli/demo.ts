import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { LOCATIONS } from '../common/index.js';
import { evaluateFiles } from '../evaluation/index.js';
import { ASSUMED_PIXEL_SIZES } from '../io/index.js';
import { DEFAULT_THRESHOLD, rankLocations } from '../predict/index.js';
import {
  type ClassifierFile,
  DEFAULT_SEGMENTER,
  type FieldRecord,
  openClassifier,
  openSegmenter,
  type PredictionRun,
  recordCells,
  runPrediction,
  runSynthesis,
  SHIPPED_CLASSIFIER,
  scoreOnTruth,
} from '../runs/index.js';
import { defaultSynthSettings } from '../synthetic/index.js';
import type { RankingScores } from '../training/index.js';
import { describeEvaluation } from './evaluation-lines.js';
import { formatTable, type Output } from './output.js';
import { tellPredictionRun } from './prediction-events.js';
import { createProgress } from './progress.js';

/** The demo's fields: of a seed that no training used, every location equally frequent. */
const SETTINGS = { ...defaultSynthSettings, seed: 20_211_231, labels: 'balanced' as const };
const FIELDS = 20;
/** Score from which a location counts as called. */
const CALLED_FROM = 0.5;
/** Fields whose cells are printed; `cells.csv` has them all. */
const PRINTED_FIELDS = 1;

/** `cytolocus demo`: the main job on synthetic fields, scored against their known truth. */
export async function demo(out: string, output: Output): Promise<void> {
  const fields = join(out, 'fields');
  const predictions = join(out, 'predictions');
  output.print(
    `1. Simulating ${FIELDS} fields of view, ${SETTINGS.width} x ${SETTINGS.height} px (synthetic)`,
  );
  await simulate(fields, output);
  output.print('2. Outlining every cell and scoring its 19 locations');
  const classifier = await openClassifier(SHIPPED_CLASSIFIER);
  const run = await predictAll(fields, predictions, classifier, output);
  output.print('');
  for (const record of run.records.slice(0, PRINTED_FIELDS)) {
    for (const line of describeCells(record)) output.print(line);
  }
  output.print('');
  output.print('3. Against the truth that the simulator knows');
  const evaluation = await evaluateFiles(join(fields, 'truth'), predictions, { threshold: CALLED_FROM });
  for (const line of describeEvaluation(evaluation, CALLED_FROM)) output.print(line);
  output.print(describeRanking(await scoreOnTruth(classifier.classifier, fields, ASSUMED_PIXEL_SIZES)));
  output.print('');
  output.print(`all cells:      ${join(predictions, 'cells.csv')}`);
  output.print(`overlay:        ${join(predictions, run.records[0].field, 'overlay.png')} (one a field)`);
  output.print(`fields, truth:  ${fields}`);
}

async function simulate(folder: string, output: Output): Promise<void> {
  const progress = createProgress(output, 'Simulating', FIELDS);
  try {
    await runSynthesis(FIELDS, SETTINGS, folder, {
      workers: availableParallelism(),
      onField: (id, cells) => progress.step(`${id}: ${cells} cells`),
    });
  } finally {
    progress.stop();
  }
}

async function predictAll(
  fields: string,
  out: string,
  classifier: ClassifierFile,
  output: Output,
): Promise<PredictionRun> {
  const telling = tellPredictionRun(output, 'Predicting');
  try {
    const run = await runPrediction(
      [fields],
      {
        out,
        pixelSizes: ASSUMED_PIXEL_SIZES,
        segmenter: await openSegmenter(DEFAULT_SEGMENTER),
        classifier,
        edge: 'keep',
        threshold: DEFAULT_THRESHOLD,
        pictures: ['overlay'],
        explainer: null,
        submission: true,
      },
      telling.events,
    );
    if (run.problems.length > 0) throw run.problems[0];
    return run;
  } finally {
    telling.stop();
  }
}

/** The classifier alone, whatever the outlines are worth; chance is the share of cells that show a location. */
function describeRanking({ mAP, positives, cells }: RankingScores): string {
  const shown = positives.filter((count) => count > 0);
  const chance = shown.reduce((sum, count) => sum + count / cells, 0) / shown.length;
  return (
    `with true outlines: mean AP over ${shown.length} locations ${mAP.toFixed(3)} ` +
    `(ranking of ${cells} cells; chance ${chance.toFixed(3)})`
  );
}

function describeCells(record: FieldRecord): string[] {
  const percent = (score: number) => `${(100 * score).toFixed(0)} %`;
  const rows = recordCells(record).map(({ cell, areaUm2, scores }) => {
    const [first, second] = rankLocations(scores ?? new Float32Array(LOCATIONS.length));
    return [
      `${cell}`,
      areaUm2.toFixed(0),
      LOCATIONS[first.location],
      percent(first.score),
      LOCATIONS[second.location],
      percent(second.score),
    ];
  });
  const heads = ['cell', 'um2', 'location', 'confidence', 'runner-up', 'confidence'];
  return [`Cells of ${record.field}:`, ...formatTable(heads, rows, [true, true, false, true, false, true])];
}

/** Adds the command's arguments and options. */
export function addDemo(command: Command, output: Output): void {
  command
    .option('--out <dir>', 'folder for fields and results', 'cytolocus-demo')
    .action(({ out }: { out: string }) => demo(out, output));
}
