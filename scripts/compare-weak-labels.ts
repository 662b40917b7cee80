/**
 * Trains the same network from the same weak labels in each way at the same budget, scores cells of fresh fields, and writes
 * the table docs/weak-labels.md:
 *   npx tsx scripts/compare-weak-labels.ts [--out out/weak-labels] [--images 600] [--fresh 100] [--epochs 8]
 *     [--related 800] [--network NAME] [--cells-per-field 14] [--segmenter classical] [--turns 4] [--only METHOD...]
 * Called again it goes on where it was stopped: fields, crops, trainings and scores that are there are kept. `copy` comes
 * first, and each method's figures are written as they come.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LOCATIONS, NEGATIVE } from '../src/common/index.js';
import { cropOfSize } from '../src/crops/index.js';
import {
  ASSUMED_PIXEL_SIZES,
  loadRuntime,
  readInputFile,
  readTextIfThere,
  writeFileAtomic,
} from '../src/io/index.js';
import { renderProgress } from '../src/learn/index.js';
import { loadClassifier, networkNamed, type TurnCount, turnedClassifier } from '../src/networks/index.js';
import {
  type FieldModel,
  scoreByFieldModel,
  scoreInField,
  withNegativeFromOthers,
} from '../src/scoring/index.js';
import {
  DEFAULT_WEAK_LABELS,
  type FieldCells,
  gatherCells,
  learnFieldModel,
  trainClassifier,
  type WeakLabels,
} from '../src/training/index.js';
import {
  type FreshField,
  type Measured,
  makeFields,
  makeStore,
  measure,
  openFreshFields,
  report,
  scoreFields,
} from './fresh-fields.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/weak-labels' },
    images: { type: 'string', default: '600' },
    fresh: { type: 'string', default: '100' },
    epochs: { type: 'string', default: '8' },
    related: { type: 'string', default: '800' },
    network: { type: 'string', default: 'attentive_residual_96' },
    'cells-per-field': { type: 'string', default: '14' },
    segmenter: { type: 'string', default: 'classical' },
    turns: { type: 'string', default: '4' },
    only: { type: 'string', multiple: true },
    page: { type: 'string', default: 'docs/weak-labels.md' },
  },
});
const { out, network, segmenter } = values;
const [images, fresh, epochs, related, perField, turns] = (
  ['images', 'fresh', 'epochs', 'related', 'cells-per-field', 'turns'] as const
).map((name) => Number(values[name]));

/** Of no other training or test of the project. */
const TRAINING_SEED = 601;
const FRESH_SEED = 8102;
const RELATED_SEED = 604;

const METHODS: readonly { readonly name: string; readonly weakLabels: WeakLabels }[] = [
  { name: 'copy', weakLabels: DEFAULT_WEAK_LABELS },
  { name: 'pseudo-labels', weakLabels: { ...DEFAULT_WEAK_LABELS, method: 'pseudo-labels' } },
  { name: 'ranking', weakLabels: { ...DEFAULT_WEAK_LABELS, method: 'ranking' } },
  { name: 'bags, noisy-or', weakLabels: { ...DEFAULT_WEAK_LABELS, method: 'bags' } },
  {
    name: 'bags, log-sum-exp',
    weakLabels: { ...DEFAULT_WEAK_LABELS, method: 'bags', pooling: 'log-sum-exp' },
  },
];

type Cells = readonly Float32Array[];
const negative = (cells: Cells) => cells.map((cell) => withNegativeFromOthers(cell, 'least'));
/** No method: what would come of it if somebody said which locations each field shows. */
const FIELDS_KNOWN = 'fields known (bound)';
/** Scores of locations that the field does not show become 0; `Negative` is a matter of the cell. */
const withinLocations = (cells: Cells, shown: readonly number[]): Cells =>
  cells.map((cell) => cell.map((score, id) => (id === NEGATIVE || shown.includes(id) ? score : 0)));
/** What is made of a field's scores at prediction. */
const ADJUSTMENTS: readonly {
  readonly name: string;
  readonly turned: boolean;
  adjust(cells: Cells, model: FieldModel, field: FreshField): Cells;
}[] = [
  { name: 'as the network gives them', turned: false, adjust: (cells) => cells },
  { name: 'Negative from the others', turned: false, adjust: negative },
  { name: 'cell x field', turned: false, adjust: (cells) => scoreInField(cells) },
  { name: 'both', turned: false, adjust: (cells) => scoreInField(negative(cells)) },
  { name: 'crops turned', turned: true, adjust: (cells) => cells },
  { name: 'all three', turned: true, adjust: (cells) => scoreInField(negative(cells)) },
  {
    name: 'all three, fields learned',
    turned: true,
    adjust: (cells, model) => scoreByFieldModel(negative(cells), model),
  },
  {
    name: FIELDS_KNOWN,
    turned: true,
    adjust: (cells, _, { locations }) => withinLocations(scoreInField(negative(cells)), locations.flat()),
  },
];

/** What a method's file in the folder holds. */
interface MethodResult {
  readonly method: string;
  readonly settings: string;
  readonly trainingSeconds: number;
  readonly adjusted: Readonly<Record<string, Measured>>;
}

const settings = JSON.stringify({ images, fresh, epochs, related, network, perField, segmenter, turns });
await mkdir(out, { recursive: true });
const training = join(out, 'fields');
const freshFolder = join(out, 'fresh');
const relatedFolder = join(out, 'related');
const { inputPx } = networkNamed(network);
const crop = cropOfSize(inputPx);
const store = join(out, `store-${inputPx}`);
await makeFields(training, images, TRAINING_SEED);
await makeFields(freshFolder, fresh, FRESH_SEED);
await makeFields(relatedFolder, related, RELATED_SEED);
await makeStore(training, store, crop, perField);

let fields: FreshField[] | null = null;
let relatedFields: readonly FieldCells[] | null = null;
const results: MethodResult[] = [];
for (const { name, weakLabels } of METHODS) {
  if (values.only !== undefined && !values.only.includes(name)) continue;
  const file = join(out, `${name.replace(/\W+/g, '-')}.json`);
  const old = await readTextIfThere(file);
  const known: MethodResult | null = old === null ? null : JSON.parse(old);
  if (known?.settings === settings) {
    results.push(known);
    continue;
  }
  fields ??= await openFreshFields(freshFolder, crop, segmenter);
  relatedFields ??= await openRelatedFields();
  const result = await tryMethod(name, weakLabels, fields, relatedFields);
  await writeFileAtomic(file, JSON.stringify(result, null, 2));
  results.push(result);
  await writePage(results);
}
await writePage(results);
console.log(`wrote ${values.page}`);

async function tryMethod(
  name: string,
  weakLabels: WeakLabels,
  unseen: readonly FreshField[],
  labelled: readonly FieldCells[],
): Promise<MethodResult> {
  const runtime = await loadRuntime();
  const model = join(out, `${name.replace(/\W+/g, '-')}.onnx`);
  const began = performance.now();
  const { onnx } = await trainClassifier(
    runtime,
    { data: [store], network, epochs, weakLabels, validationShare: 0.05 },
    {
      resumeFolder: join(out, `${name.replace(/\W+/g, '-')}-${epochs}-${images}-${network}`),
      onProgress: (progress) => report(`${name}: ${renderProgress(progress)}`),
    },
  );
  const trainingSeconds = (performance.now() - began) / 1000;
  await writeFileAtomic(model, onnx);
  const classifier = await loadClassifier(runtime, await readInputFile(model));
  const plain = await scoreFields(classifier, unseen);
  const turned = await scoreFields(turnedClassifier(classifier, turns as TurnCount), unseen);
  const prediction = { turns: turns as TurnCount, negative: 'least', fieldContext: true } as const;
  const fieldModel = await learnFieldModel(
    runtime,
    { ...classifier, metadata: { ...classifier.metadata, prediction } },
    labelled,
    RELATED_SEED,
  );
  await classifier.release();
  const adjusted = Object.fromEntries(
    ADJUSTMENTS.map(({ name: how, turned: isTurned, adjust }) => [
      how,
      measure(unseen, isTurned ? turned : plain, (cells, field) => adjust(cells, fieldModel, field)),
    ]),
  );
  return { method: name, settings, trainingSeconds, adjusted };
}

/** Further fields with their images' labels, of which the relation of fields and cells is learned. */
async function openRelatedFields(): Promise<readonly FieldCells[]> {
  const gathered = await gatherCells({
    ...{ folders: [relatedFolder], crop, outlines: 'segmented', cellsPerField: 20, seed: RELATED_SEED },
    ...{
      pixelSizes: ASSUMED_PIXEL_SIZES,
      onField: (done: number, total: number) =>
        report(`outlining ${relatedFolder}: field ${done} of ${total}`),
    },
  });
  process.stderr.write('\n');
  return gathered.fields;
}

async function writePage(all: readonly MethodResult[]): Promise<void> {
  if (all.length === 0) return;
  const [first] = ADJUSTMENTS;
  const row = (cells: readonly (string | number)[]) =>
    `| ${cells.map((value) => (typeof value !== 'number' ? value : Number.isNaN(value) ? '-' : value.toFixed(3))).join(' | ')} |`;
  const table = (figure: 'mAP' | 'cellAp') => [
    row(['trained by', ...ADJUSTMENTS.map(({ name }) => name)]),
    row(['---', ...ADJUSTMENTS.map(() => '---')]),
    ...all.map(({ method, adjusted }) =>
      row([method, ...ADJUSTMENTS.map(({ name }) => adjusted[name][figure])]),
    ),
  ];
  const outcomes = all.flatMap(({ method, adjusted }) =>
    ADJUSTMENTS.filter(({ name }) => name !== FIELDS_KNOWN).map(({ name }) => ({
      label: `${method}, ${name}`,
      figures: adjusted[name],
    })),
  );
  const best = outcomes.reduce((top, outcome) => (outcome.figures.mAP > top.figures.mAP ? outcome : top));
  const copy = all.find(({ method }) => method === 'copy')?.adjusted[first.name];
  const perLocation = LOCATIONS.map((location, id) =>
    row([
      location,
      ...(copy === undefined ? [] : [copy.apByLocation[id], copy.cellApByLocation[id]]),
      best.figures.apByLocation[id],
      best.figures.cellApByLocation[id],
    ]),
  );
  const only = (values.only ?? []).map((method) => ` --only '${method}'`).join('');
  const copied = copy === undefined ? [] : ['copy: end to end', 'copy: true outlines'];
  const page = [
    '# Weak labels, compared',
    '',
    `Synthetic fields. \`${network}\` learned from ${images} balanced fields (seed ${TRAINING_SEED}; cells outlined by the classical segmenter, at most`,
    `${perField} a field), ${epochs} epochs for each way, all else alike; scored on ${fresh} fresh balanced fields (seed ${FRESH_SEED}). Rows: what the training makes of`,
    'an image’s label (`cytolocus train classifier --weak-labels`); columns: what is made of the scores at prediction. Crops turned: the mean over',
    `${turns} turns. Fields learned: what a field shows is not told by the formula of \`scoreInField\` but by a regression on its cells’ scores, learned from`,
    `the labels of ${related} further fields (seed ${RELATED_SEED}, \`models calibrate --field-model\`). Fields known: no method, but what could be had if the true`,
    `locations of each field were given (others set to 0). Made by`,
    '',
    '```',
    `npx tsx scripts/compare-weak-labels.ts --images ${images} --fresh ${fresh} --epochs ${epochs} --related ${related} --network ${network} --cells-per-field ${perField} --segmenter ${segmenter} --turns ${turns}${only} --out ${out} --page ${values.page}`,
    '```',
    '',
    `## End to end: the competition’s mAP at IoU 0.6, cells outlined by \`${segmenter}\``,
    '',
    ...table('mAP'),
    '',
    '## True outlines: mean AP of the cells’ ranking',
    '',
    ...table('cellAp'),
    '',
    `## Locations: copy as the network gives them, and the best end to end (${best.label}), AP`,
    '',
    row(['location', ...copied, 'best: end to end', 'best: true outlines']),
    row(['---', ...copied.map(() => '---'), '---', '---']),
    ...perLocation,
    '',
    `Seconds of training: ${all.map(({ method, trainingSeconds }) => `${method} ${trainingSeconds.toFixed(0)}`).join(', ')} (as the machine was used by others too).`,
    '',
  ].join('\n');
  await writeFile(values.page, page);
}
