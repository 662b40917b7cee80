/**
 * Trains the study's eight networks on the same synthetic data at the same budget, one location a cell (softmax) as in the
 * study, and writes docs/zoo.md with curves of training and validation (docs/zoo/*.svg):
 *   npx tsx scripts/compare-zoo.ts [--out out/zoo] [--images 220] [--epochs 14] [--cells-per-field 14] [--network NAME...]
 * Called again it goes on where it was stopped; each network's figures are written as they come.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lineY, ruleX, text } from '@observablehq/plot';
import { LOCATIONS } from '../src/common/index.js';
import { cropOfSize } from '../src/crops/index.js';
import { CHANNELS } from '../src/imaging/index.js';
import { loadRuntime, readTextIfThere, writeFileAtomic } from '../src/io/index.js';
import { type EpochRecord, renderProgress } from '../src/learn/index.js';
import { networkNamed, networkSize, STUDY_NETWORKS } from '../src/networks/index.js';
import { chart, PALETTE } from '../src/report/chart/index.js';
import { type Augmentation, trainClassifier } from '../src/training/index.js';
import { makeFields, makeStore, report } from './fresh-fields.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/zoo' },
    images: { type: 'string', default: '220' },
    epochs: { type: 'string', default: '14' },
    'cells-per-field': { type: 'string', default: '14' },
    network: { type: 'string', multiple: true },
    page: { type: 'string', default: 'docs/zoo.md' },
    pictures: { type: 'string', default: 'docs/zoo' },
  },
});
const { out } = values;
const [images, epochs, perField] = (['images', 'epochs', 'cells-per-field'] as const).map((name) =>
  Number(values[name]),
);
/** Of no other training or test of the project. */
const SEED = 8201;
const VALIDATION_SHARE = 0.25;
const LEARNING_RATE = 0.001;
/** Crops as they are: the comparison is of networks, and shows where each learns its crops by heart. */
const NO_VARIATION: Augmentation = {
  ...{ turns: false, freeTurn: 0, logZoom: 0, shiftPx: 0, logGain: 0, logGamma: 0 },
  ...{ blur: 0, blurPx: 0, noise: 0, drop: {}, toNegative: 0 },
};

/** Panels a picture: one a network. */
const CHARTS = [
  { name: 'loss', title: 'Loss', curves: { loss: 'training', val_loss: 'validation' } },
  { name: 'accuracy', title: 'Accuracy', curves: { acc: 'training', val_acc: 'validation' } },
] as const;

interface NetworkResult {
  readonly network: string;
  readonly settings: string;
  readonly seconds: number;
  readonly history: readonly EpochRecord[];
}

const settings = JSON.stringify({ images, epochs, perField, LEARNING_RATE, VALIDATION_SHARE, SEED });
await mkdir(values.pictures, { recursive: true });
const fields = join(out, 'fields');
const { inputPx } = STUDY_NETWORKS[0];
const store = join(out, `store-${inputPx}`);
await makeFields(fields, images, SEED, { maxLocations: 1 });
await makeStore(fields, store, cropOfSize(inputPx), perField);

const results: NetworkResult[] = [];
for (const { name } of STUDY_NETWORKS) {
  if (values.network !== undefined && !values.network.includes(name)) continue;
  const file = join(out, `${name}.json`);
  const old = await readTextIfThere(file);
  const known: NetworkResult | null = old === null ? null : JSON.parse(old);
  if (known?.settings === settings) results.push(known);
  else {
    results.push(await train(name));
    await writeFileAtomic(file, JSON.stringify(results[results.length - 1], null, 2));
  }
  await writePage(results);
}
console.log(`wrote ${values.page}`);

async function train(network: string): Promise<NetworkResult> {
  const { history, onnx } = await trainClassifier(
    await loadRuntime(),
    {
      ...{ data: [store], network, activation: 'softmax', epochs, balance: 'none' },
      ...{ augmentation: NO_VARIATION, averaging: null, validationShare: VALIDATION_SHARE },
      learningRate: LEARNING_RATE,
    },
    {
      resumeFolder: join(out, `${network}-${epochs}-${images}`),
      onProgress: (progress) => report(`${network}: ${renderProgress(progress)}`),
    },
  );
  await writeFileAtomic(join(out, `${network}.onnx`), onnx);
  const seconds = history.reduce((sum, { figures }) => sum + (figures.seconds ?? 0), 0);
  return { network, settings, seconds, history };
}

/** The epoch of the lowest validation loss. */
function bestOf({ history }: NetworkResult): EpochRecord {
  return history.reduce((best, record) => (record.figures.val_loss < best.figures.val_loss ? record : best));
}

async function writePage(all: readonly NetworkResult[]): Promise<void> {
  const row = (cells: readonly (string | number)[]) =>
    `| ${cells.map((value) => (typeof value !== 'number' ? value : Number.isNaN(value) ? '-' : value.toFixed(3))).join(' | ')} |`;
  const rows = all.map((result) => {
    const best = bestOf(result);
    const last = result.history[result.history.length - 1];
    const { parameters, megaFlop } = networkSize(
      networkNamed(result.network),
      CHANNELS.length,
      LOCATIONS.length,
    );
    const lasting = result.history.length - best.epoch;
    return row([
      `\`${result.network}\``,
      parameters.toLocaleString('en'),
      megaFlop.toFixed(0),
      best.figures.val_loss,
      best.figures.val_acc,
      `${best.epoch} of ${result.history.length}`,
      last.figures.loss,
      last.figures.acc,
      last.figures.val_loss,
      last.figures.val_acc,
      lasting > 0 ? `after epoch ${best.epoch}` : 'not in this time',
    ]);
  });
  for (const { name, title, curves } of CHARTS) {
    await writeFile(join(values.pictures, `${name}.svg`), svgOf(chartOf(all, title, curves)));
  }
  const head =
    'network|weights|MFLOP|best validation loss|accuracy there|epoch|last: loss|accuracy|validation loss|validation accuracy|overfits';
  const page = [
    '# The study’s eight networks, side by side',
    '',
    `Synthetic data: ${images} balanced fields of one location each (seed ${SEED}), cells outlined by the classical segmenter, at most ${perField} a field;`,
    `each cell is given its image's location, which about a fifth of the cells do not show. Softmax over 19 locations, AdamW, learning rate ${LEARNING_RATE} falling to`,
    `0 as half a cosine, ${epochs} epochs, batches of 32, no variation of crops, no balancing; a quarter of the images for validation, whose labels are as weak. What each network is: [networks.md](networks.md).`,
    'Made by',
    '',
    '```',
    `npx tsx scripts/compare-zoo.ts --images ${images} --epochs ${epochs} --cells-per-field ${perField}`,
    '```',
    '',
    row(head.split('|')),
    row(head.split('|').map(() => '---')),
    ...rows,
    '',
    ...CHARTS.map(({ name, title }) => `![${title}](zoo/${name}.svg)\n`),
    'Dotted: the epoch of the lowest validation loss. Behind it, a training loss that falls while the validation loss rises is learning by heart.',
    '',
  ].join('\n');
  await writeFile(values.page, page);
}

function chartOf(
  all: readonly NetworkResult[],
  title: string,
  curves: Readonly<Record<string, string>>,
): string {
  const points = all.flatMap(({ network, history }) =>
    history.flatMap(({ epoch, figures }) =>
      Object.entries(curves).map(([figure, of]) => ({ network, epoch, value: figures[figure], of })),
    ),
  );
  const panelPx = 230;
  // Two rows of four panels: Plot's facets are a grid of columns (fx) and rows (fy).
  const place = new Map(all.map(({ network }, i) => [network, { column: i % 4, line: Math.floor(i / 4) }]));
  const placed = points.map((point) => ({ ...point, ...place.get(point.network) }));
  const bests = all.map((result) => ({ epoch: bestOf(result).epoch, ...place.get(result.network) }));
  const names = all.map(({ network }) => ({ network, ...place.get(network) }));
  return chart({
    title,
    width: Math.min(4, all.length) * panelPx + 60,
    height: Math.ceil(all.length / 4) * 190 + 60,
    marginTop: 40,
    fx: { axis: null },
    fy: { axis: null },
    x: { label: 'epoch', tickFormat: 'd', ticks: 4 },
    y: { label: null, grid: true, nice: true },
    color: { domain: Object.values(curves), legend: false },
    marks: [
      ruleX(bests, { x: 'epoch', fx: 'column', fy: 'line', stroke: '#999', strokeDasharray: '3' }),
      lineY(placed, { x: 'epoch', y: 'value', fx: 'column', fy: 'line', stroke: 'of' }),
      text(names, {
        text: 'network',
        fx: 'column',
        fy: 'line',
        frameAnchor: 'top',
        dy: -12,
        fontWeight: 'bold',
      }),
    ],
  });
}

/** The picture alone, as a file: with its name space, a white ground, and what the colours mean. */
function svgOf(figure: string): string {
  const start = figure.indexOf('<svg');
  const svg = figure.slice(start, figure.lastIndexOf('</svg>') + '</svg>'.length);
  const [width, height] = ['width', 'height'].map((name) => new RegExp(`${name}="(\\d+)"`).exec(svg)?.[1]);
  const legend =
    `<rect width="${width}" height="${height}" fill="white"/>` +
    ['training', 'validation']
      .map(
        (of, i) =>
          `<text x="${20 + 70 * i}" y="14" text-anchor="start" fill="${PALETTE[i]}" font-weight="bold">${of}</text>`,
      )
      .join('');
  const opened = svg.includes('xmlns=')
    ? svg
    : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  return opened.replace(/(<svg[^>]*>)/, `$1${legend}`);
}
