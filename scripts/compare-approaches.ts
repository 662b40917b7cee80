/**
 * Compares the study's two approaches and writes the page:
 *   npx tsx scripts/compare-approaches.ts [--images 60 --seed 8103] [--detector default] [--work out/approaches] [--page docs/approaches.md]
 * 1: Mask R-CNN finds, outlines and locates cells in one go (`predict --detector`). 2: cells are outlined, then classified
 * (`predict`). Both on the same fresh synthetic fields, and on the visible real ones (--data ../shared/data/hpa): two with
 * masks of the field's own segmenter, four with labels of the image.
 */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runProgram } from '../src/cli/index.js';
import { InputError, LOCATIONS } from '../src/common/index.js';
import { readLabelPng, readTable, writeFileAtomic } from '../src/io/index.js';
import {
  readRecord,
  recordCells,
  SHIPPED_CELLS,
  SHIPPED_CLASSIFIER,
  SHIPPED_DETECTOR,
  SHIPPED_NUCLEI,
} from '../src/runs/index.js';
import { type InstanceMatch, matchInstances, rankByScore } from '../src/scoring/index.js';
import { makeFields } from './fresh-fields.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '60' },
    seed: { type: 'string', default: '8103' },
    detector: { type: 'string', default: 'default' },
    work: { type: 'string', default: 'out/approaches' },
    data: { type: 'string', default: '../shared/data/hpa' },
    page: { type: 'string' },
  },
});

interface Approach {
  readonly name: string;
  readonly folder: string;
  readonly options: readonly string[];
  /** Networks that it needs. */
  readonly files: readonly string[];
}

const detectorFile = values.detector === 'default' ? SHIPPED_DETECTOR : values.detector;
const APPROACHES: readonly Approach[] = [
  {
    name: '1: Mask R-CNN',
    folder: 'detector',
    options: ['--detector', values.detector],
    files: [detectorFile],
  },
  {
    name: '2: segment (classical), then classify',
    folder: 'classical',
    options: [],
    files: [SHIPPED_CLASSIFIER],
  },
  {
    name: '2: segment (network), then classify',
    folder: 'network',
    options: ['--segmenter', 'network'],
    files: [SHIPPED_CLASSIFIER, SHIPPED_NUCLEI, SHIPPED_CELLS],
  },
];

const predictedSchema = z.object({ fields: z.array(z.object({ field: z.string(), seconds: z.number() })) });
const scoresSchema = z.object({
  mAP: z.number(),
  perLocation: z.record(z.string(), z.number().nullable()),
  coco: z.object({ ap: z.number(), ap50: z.number() }),
  segmentation: z.object({ ap50: z.number(), f1_50: z.number(), f1_75: z.number() }),
  intervals: z.object({ mAP: z.object({ low: z.number(), high: z.number() }) }),
});

/** Runs a command in this process, for its JSON. */
async function ask<T>(schema: z.ZodType<T>, args: readonly string[]): Promise<T> {
  const lines: string[] = [];
  const notes: string[] = [];
  const output = {
    print: (line: string) => void lines.push(line),
    note: (line: string) => void notes.push(line),
    interactive: false,
  };
  const code = await runProgram([...args, '--json'], output);
  if (code !== 0) throw new InputError('command-failed', `${args.join(' ')}: ${notes.join('; ')}`);
  return schema.parse(JSON.parse(lines.join('\n')));
}

/** Share of the cells, true and found, that have a partner. */
function f1Of({ tp, fp, fn }: InstanceMatch): number {
  return (2 * tp) / (2 * tp + fp + fn);
}

const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

async function predict(approach: Approach, input: string, out: string, more: readonly string[] = []) {
  console.error(`${approach.name}: ${input}`);
  const options = [...approach.options, ...more, '--submission', '--out', out];
  return ask(predictedSchema, ['predict', input, ...options]);
}

async function judgeSynthetic(approach: Approach, fields: string) {
  const out = join(values.work, `synthetic-${approach.folder}`);
  const { fields: done } = await predict(approach, fields, out);
  const truth = ['evaluate', '--truth', join(fields, 'truth')];
  const scores = await ask(scoresSchema, [...truth, '--predictions', join(out, 'submission.csv')]);
  const sizes = await Promise.all(approach.files.map(async (file) => (await stat(file)).size));
  const megabytes = sizes.reduce((a, b) => a + b, 0) / 1e6;
  return { approach, scores, seconds: mean(done.map(({ seconds }) => seconds)), megabytes };
}

async function judgeReal(approach: Approach) {
  const out = join(values.work, `real-${approach.folder}`);
  await predict(approach, join(values.data, 'fov'), out);
  const rows = (await readTable(join(values.data, 'fov.csv'), ['ID', 'Label2021', 'cellmask'])).rows;
  const masks: string[] = [];
  const places: string[] = [];
  for (const row of rows) {
    const id = row.get('ID');
    if (row.get('cellmask') === 'yes') {
      const truth = await readLabelPng(join(values.data, 'masks', `${id}_cellmask.png`));
      const found = await readLabelPng(join(out, id, 'cells.png'));
      const f1 = [0.5, 0.75].map((iou) => f1Of(matchInstances(truth, found, iou)));
      masks.push(`${f1.map((value) => value.toFixed(3)).join(' / ')}`);
    }
    if (row.get('Label2021') === '') continue;
    const cells = recordCells(await readRecord(join(out, id)));
    const scores = LOCATIONS.map((_, location) => mean(cells.map((cell) => cell.scores?.[location] ?? 0)));
    const ranking = Array.from(rankByScore(scores));
    const ranks = row
      .get('Label2021')
      .split('|')
      .map((label) => 1 + ranking.indexOf(Number(label)));
    places.push(ranks.join(', '));
  }
  return { name: approach.name, masks, places };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const fields = join(values.work, 'fields');
await makeFields(fields, Number(values.images), Number(values.seed));
const synthetic: Awaited<ReturnType<typeof judgeSynthetic>>[] = [];
for (const approach of APPROACHES) synthetic.push(await judgeSynthetic(approach, fields));
const real = [];
for (const approach of APPROACHES) real.push(await judgeReal(approach));

const three = (value: number | null | undefined) =>
  value === null || value === undefined ? '-' : value.toFixed(3);
const page = `# The study's two approaches, compared

Approach 1: a Mask R-CNN finds, outlines and locates cells in one go (\`cytolocus predict --detector\`). Approach 2: cells are
outlined, then each is classified (\`cytolocus predict\`), by the two segmenters that ship. Made on ${availableParallelism()} cores by

\`\`\`
npx tsx scripts/compare-approaches.ts --images ${values.images} --seed ${values.seed} --page docs/approaches.md
\`\`\`

What the networks learnt from stands in their cards (\`models/*.md\`): the classifier from 2,000 synthetic fields, and its last layer from
real pictures, for its locations alone; the detector from 840 synthetic fields, for outlines and locations together. The table says what ships, not
what Mask R-CNN could do: its scores were still rising when its training ended. Seconds are
those of this run, on a machine that may do other work too.

## ${values.images} fresh **synthetic** fields (balanced, seed ${values.seed})

${table(
  [
    'approach',
    'mAP at IoU 0.6',
    '95 % interval',
    "COCO's AP",
    'mask F1 at IoU 0.5',
    'at 0.75',
    'seconds a field',
    'networks, MB',
  ],
  synthetic.map(({ approach, scores, seconds, megabytes }) => [
    ...[
      approach.name,
      three(scores.mAP),
      `${three(scores.intervals.mAP.low)} to ${three(scores.intervals.mAP.high)}`,
    ],
    ...[three(scores.coco.ap), three(scores.segmentation.f1_50), three(scores.segmentation.f1_75)],
    ...[seconds.toFixed(2), megabytes.toFixed(1)],
  ]),
)}

AP of each location, at IoU 0.6:

${table(
  ['location', ...APPROACHES.map(({ name }) => name)],
  LOCATIONS.map((name) => [name, ...synthetic.map(({ scores }) => three(scores.perLocation[name]))]),
)}

## Visible **real** fields

Masks: F1 of outlines at IoU 0.5 / 0.75 against the masks of the field's own segmenter (a strong reference, not truth), two fields.
Labels: the places of the image's true locations among the 19, ranked by the mean score of the field's cells; one entry a field.
**The classifier has learned these labels** (models/classifier.md has figures from cross-validation); the detector has not.

${table(
  ['approach', 'masks', 'labels'],
  real.map(({ name, masks, places }) => [name, masks.join('; '), places.join('; ')]),
)}
`;
console.log(page);
if (values.page !== undefined) await writeFileAtomic(values.page, page);
