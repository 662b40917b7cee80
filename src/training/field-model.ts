import { LOCATIONS, type LocationScores } from '../common/index.js';
import type { Runtime } from '../engine/index.js';
import {
  type Classifier,
  type ClassifierMetadata,
  type PredictionSettings,
  turnedClassifier,
} from '../networks/index.js';
import { FIELD_EVIDENCE, fieldEvidence, logit, scoresOfCells } from '../scoring/index.js';
import { plainCrop } from './augmentation.js';
import { cropOf, type FieldCells, listCells, targetsOf } from './cells.js';
import { fitLastLayer, LAYER_BATCH } from './last-layer.js';
import { joinRows } from './scores.js';

/** What a field model keeps in a classifier's file. */
type StoredFieldModel = NonNullable<ClassifierMetadata['fieldModel']>;

/** A labelled field whose cells were scored. */
export interface ScoredField {
  /** Its label: class ids. */
  readonly locations: readonly number[];
  /** 19 scores of each cell, as the network gives them. At least one cell. */
  readonly cells: readonly LocationScores[];
}

/** Few fields are a batch each time, many fill several: the steps are what counts. */
const STEPS = 600;
const LEARNING_RATE = 0.03;
const WEIGHT_DECAY = 0.1;

/**
 * Learns which locations a field shows from what a classifier says of all of its cells. The fields must be none that the
 * classifier learned from: of those it says what it remembers.
 * @param prediction what becomes of the scores before the field counts
 */
export async function fitFieldModel(
  runtime: Runtime,
  fields: readonly ScoredField[],
  prediction: PredictionSettings | null,
  seed: number,
): Promise<StoredFieldModel> {
  const first = {
    weight: new Float32Array(FIELD_EVIDENCE * LOCATIONS.length),
    bias: Float32Array.from(LOCATIONS, (_, id) =>
      logit(fields.filter(({ locations }) => locations.includes(id)).length / fields.length),
    ),
  };
  const { weight, bias } = await fitLastLayer(
    runtime,
    first,
    {
      features: joinRows(fields.map(({ cells }) => fieldEvidence(scoresOfCells(cells, prediction)))),
      targets: joinRows(fields.map(({ locations }) => targetsOf(locations))),
      weights: new Float32Array(fields.length).fill(1),
    },
    {
      epochs: Math.ceil(STEPS / Math.max(1, Math.floor(fields.length / LAYER_BATCH))),
      learningRate: LEARNING_RATE,
      weightDecay: WEIGHT_DECAY,
      seed,
    },
  );
  return {
    weights: LOCATIONS.map((_, id) =>
      Array.from(weight.subarray(id * FIELD_EVIDENCE, (id + 1) * FIELD_EVIDENCE), rounded),
    ),
    offsets: Array.from(bias, rounded),
    fields: fields.length,
  };
}

/** Four digits are more than the fit knows, and keep the file small. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** `fitFieldModel` on cells as `gatherCells` gives them, scored as in prediction. */
export async function learnFieldModel(
  runtime: Runtime,
  classifier: Classifier,
  fields: readonly FieldCells[],
  seed: number,
): Promise<StoredFieldModel> {
  const { prediction = null } = classifier.metadata;
  const network = turnedClassifier(classifier, prediction?.turns ?? 1);
  const scored: ScoredField[] = [];
  for (const field of fields)
    scored.push({ locations: field.locations, cells: await scoreField(network, field) });
  return fitFieldModel(runtime, scored, prediction, seed);
}

async function scoreField(network: Classifier, field: FieldCells): Promise<LocationScores[]> {
  const cells = listCells([field]);
  const input = new Float32Array(field.crops.length);
  const length = input.length / cells.length;
  cells.forEach((cell, i) => {
    plainCrop(cropOf(cell), input.subarray(i * length, (i + 1) * length));
  });
  const scores = await network.classify(input, cells.length);
  const classes = LOCATIONS.length;
  return cells.map((_, i) => scores.slice(i * classes, (i + 1) * classes));
}
