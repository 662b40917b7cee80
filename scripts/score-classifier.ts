/**
 * Scores a classifier:
 *   npx tsx scripts/score-classifier.ts [--model models/classifier.onnx] --truth DIR    cells with true outlines (a folder written by `cytolocus synth`)
 *   npx tsx scripts/score-classifier.ts [--model models/classifier.onnx] --real [DIR]   labelled real fields (../shared/data/hpa)
 * The first prints the average precision of each location over all cells and their mean. The second outlines cells with
 * our segmenter; a field's score of a location is the mean over its cells; it prints for each field the place of its true
 * locations in the ranking of the 19, and the mean over fields of that ranking's average precision.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LOCATIONS } from '../src/common/index.js';
import {
  ASSUMED_PIXEL_SIZES,
  findFields,
  loadRuntime,
  type PixelSizes,
  readField,
  readInputFile,
  readTable,
} from '../src/io/index.js';
import { type Classifier, loadClassifier } from '../src/networks/index.js';
import { predictField } from '../src/predict/index.js';
import { scoreOnTruth } from '../src/runs/index.js';
import { averagePrecision, rankByScore } from '../src/scoring/index.js';
import { segmentClassical } from '../src/segment/index.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/classifier.onnx' },
    truth: { type: 'string' },
    real: { type: 'string' },
  },
});
const classifier = await loadClassifier(await loadRuntime(), await readInputFile(values.model));
if (values.truth !== undefined) await printTruth(classifier, values.truth);
if (values.real !== undefined) await printReal(classifier, values.real);

async function printTruth(network: Classifier, folder: string): Promise<void> {
  const { mAP, perLocation, positives, cells } = await scoreOnTruth(network, folder, ASSUMED_PIXEL_SIZES);
  console.log(['location', 'cells', 'AP', 'chance'].join('\t'));
  LOCATIONS.forEach((name, id) => {
    if (positives[id] === 0) return;
    console.log(
      [name, positives[id], perLocation[id].toFixed(3), (positives[id] / cells).toFixed(3)].join('\t'),
    );
  });
  console.log(['mean', cells, mAP.toFixed(3)].join('\t'));
}

interface Labelled {
  readonly inputs: string;
  readonly labels: ReadonlyMap<string, readonly number[]>;
  readonly pixelSizes: PixelSizes;
}

async function printReal(network: Classifier, folder: string): Promise<void> {
  const dictionary = await readTable(join(folder, 'dictionary.csv'), ['ID', 'Label', 'pixel_size_um']);
  const fov = await readTable(join(folder, 'fov.csv'), ['ID', 'Label2021']);
  const byField = new Map(
    dictionary.rows
      .filter((row) => row.get('pixel_size_um') !== '')
      .map((row) => [row.get('ID'), Number(row.get('pixel_size_um'))]),
  );
  const sets: Labelled[] = [
    {
      inputs: join(folder, 'dictionary'),
      labels: labelsOf(dictionary, 'Label'),
      // The atlas's scale where a picture bears no scale bar.
      pixelSizes: {
        kind: 'table',
        file: 'dictionary.csv',
        byField: withDefault(dictionary, byField, 0.0847),
      },
    },
    { inputs: join(folder, 'fov'), labels: labelsOf(fov, 'Label2021'), pixelSizes: ASSUMED_PIXEL_SIZES },
  ];
  const precisions: number[] = [];
  let first = 0;
  console.log(['field', 'cells', 'AP', 'true locations (place)', 'first three'].join('\t'));
  for (const { inputs, labels, pixelSizes } of sets) {
    for (const source of (await findFields([inputs])).sources) {
      const truth = labels.get(source.id);
      if (truth === undefined) continue;
      const field = await readField(source, pixelSizes);
      const { cells } = await predictField(field, async (found) => segmentClassical(found), network);
      const scores = LOCATIONS.map(
        (_, id) => cells.reduce((sum, cell) => sum + (cell.scores?.[id] ?? 0), 0) / Math.max(1, cells.length),
      );
      const ap = averagePrecision(
        scores,
        LOCATIONS.map((_, id) => (truth.includes(id) ? 1 : 0)),
      );
      const ranking = [...rankByScore(scores)];
      precisions.push(ap);
      if (truth.includes(ranking[0])) first++;
      const places = truth.map((id) => `${LOCATIONS[id]} (${ranking.indexOf(id) + 1})`).join(', ');
      const top = ranking.slice(0, 3).map((id) => `${LOCATIONS[id]} ${scores[id].toFixed(2)}`);
      console.log([source.id, cells.length, ap.toFixed(3), places, top.join(', ')].join('\t'));
    }
  }
  const mean = precisions.reduce((sum, ap) => sum + ap, 0) / precisions.length;
  const share = ((100 * first) / precisions.length).toFixed(0);
  console.log(`${precisions.length} fields: mean AP ${mean.toFixed(3)}, right at first place ${share} %`);
}

type Table = Awaited<ReturnType<typeof readTable>>;

function labelsOf(table: Table, column: string): Map<string, readonly number[]> {
  return new Map(
    table.rows
      .filter((row) => row.get(column) !== '')
      .map((row) => [row.get('ID'), row.get(column).split('|').map(Number)]),
  );
}

function withDefault(
  table: Table,
  known: ReadonlyMap<string, number>,
  otherwise: number,
): Map<string, number> {
  return new Map(table.rows.map((row) => [row.get('ID'), known.get(row.get('ID')) ?? otherwise]));
}
