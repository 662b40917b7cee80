import { createRandom, LOCATIONS, ModelError } from '../common/index.js';
import { splitFolds } from '../dataset/index.js';
import type { Runtime } from '../engine/index.js';
import { ASSUMED_PIXEL_SIZES, type PixelSizes } from '../io/index.js';
import {
  type ClassifierHead,
  type ClassifierMetadata,
  openClassifierHead,
  type PredictionSettings,
} from '../networks/index.js';
import { exampleFeatures, turnedFeatures } from './adaptation-features.js';
import { cellScores, type JudgedClassifier, type JudgedField, judgeField } from './adaptation-judgement.js';
import {
  type FieldCells,
  type GatheredCells,
  type GatherOptions,
  gatherCells,
  type LeftOut,
  leftOutOf,
  listCells,
  targetsOf,
} from './cells.js';
import { fitFieldModel } from './field-model.js';
import { fitLastLayer, type LayerExamples, layerScores } from './last-layer.js';
import { joinRows } from './scores.js';

/** All that decides what `adaptClassifier` makes. */
export interface AdaptationRecipe {
  /** Folders of labelled fields of view of the kind that the classifier is to be adapted to. */
  readonly data: readonly string[];
  /** Label table of each of them; null: the `train.csv` in each. */
  readonly labels: readonly string[] | null;
  /** Folders of fields of the kind that the classifier was trained on, with their `train.csv`: what it says of them shall stay. */
  readonly keep: readonly string[];
  /** Folders of further such fields, none of which was trained on, that a field model is learned from (`fitFieldModel`); none: there is none. */
  readonly fieldModelData: readonly string[];
  /** Weight of the fields in `keep`, all together, beside that of the labelled ones. */
  readonly keepWeight: number;
  /** How often each labelled cell is shown, varied anew each time. */
  readonly variations: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Folds of the labelled fields by which the adaptation is judged. */
  readonly folds: number;
  readonly cellsPerField: number;
  /** For the folds, the variation and the order. */
  readonly seed: number;
  /** Of the labelled fields. */
  readonly pixelSizes: PixelSizes;
  /** Of the fields in `keep` and `fieldModelData`. */
  readonly keepPixelSizes: PixelSizes;
  /** What becomes of the scores at prediction; null: as the file says already. */
  readonly prediction: PredictionSettings | null;
}

/**
 * Chosen on the 49 labelled pictures of models/classifier.md, where any weight from 1 to 10 and from 10 to 20 epochs gave nearly the same; a higher
 * weight keeps more of what the classifier could do before.
 */
export const DEFAULT_ADAPTATION: Omit<AdaptationRecipe, 'data' | 'keep'> = {
  labels: null,
  fieldModelData: [],
  keepWeight: 10,
  variations: 32,
  epochs: 20,
  learningRate: 0.01,
  folds: 7,
  cellsPerField: 20,
  seed: 1,
  pixelSizes: ASSUMED_PIXEL_SIZES,
  keepPixelSizes: ASSUMED_PIXEL_SIZES,
  prediction: null,
};

/** Fits a calibration for the classifier of this file; null where there is nothing to fit it to. */
export type Calibrate = (onnx: Uint8Array) => Promise<NonNullable<ClassifierMetadata['calibration']> | null>;

export interface AdaptationEvents {
  /** While cells are cut out, of the labelled fields and then of the kept ones. */
  readonly onField?: (done: number, total: number) => void;
  /** While features are worked out. */
  readonly onCrops?: (done: number, total: number) => void;
  /** Before each fit of the last layer: those of the folds, then the one of all fields. */
  readonly onFit?: (fit: number, fits: number) => void;
}

export interface AdaptedClassifier {
  /** The ONNX file, with the new field model and calibration; former ones are gone, since the scores are others. */
  readonly onnx: Uint8Array;
  readonly metadata: ClassifierMetadata;
  /**
   * Each labelled field as the classifier ranks it that was adapted without this field's fold, and as the file did that was adapted (by its
   * own settings and calibration, but as many turns as the new one takes).
   */
  readonly judged: readonly JudgedField[];
  /** Whether the file that was adapted had a field model and the new one has none. */
  readonly fieldModelDropped: boolean;
  readonly leftOut: {
    readonly data: LeftOut;
    readonly keep: LeftOut;
    /** null where there are no such fields. */
    readonly fieldModelData: LeftOut | null;
  };
}

/**
 * Adapts a classifier to fields of another kind (another microscope, real in place of drawn ones): its last layer learns the
 * weak labels of the given fields while it is held to its own scores on fields of the kind it knows (learning without forgetting: Li & Hoiem
 * 2016, section 3). Features stay, so a few dozen fields are enough, and it takes minutes. Rare locations weigh more: by one over the square root of their
 * fields. What the adaptation is worth is judged by cross-validation over the labelled fields.
 *
 * @param onnx a sigmoid classifier's file
 * @param calibrate for each of the folds' classifiers and for the one of all fields
 * @throws ModelError `head-unsupported`, `model-*`; InputError `no-training-fields`, `split-folds`, and what `readLabels` throws
 */
export async function adaptClassifier(
  runtime: Runtime,
  onnx: Uint8Array,
  recipe: Pick<AdaptationRecipe, 'data' | 'keep'> & Partial<AdaptationRecipe>,
  calibrate: Calibrate,
  events: AdaptationEvents = {},
): Promise<AdaptedClassifier> {
  const full: AdaptationRecipe = { ...DEFAULT_ADAPTATION, ...recipe };
  const head = await openClassifierHead(runtime, onnx);
  try {
    return await adaptHead(runtime, head, full, calibrate, events);
  } finally {
    await head.release();
  }
}

async function adaptHead(
  runtime: Runtime,
  head: ClassifierHead,
  recipe: AdaptationRecipe,
  calibrate: Calibrate,
  events: AdaptationEvents,
): Promise<AdaptedClassifier> {
  const metadata: ClassifierMetadata = {
    ...head.metadata,
    ...(recipe.prediction === null ? {} : { prediction: recipe.prediction }),
  };
  if (metadata.activation !== 'sigmoid') {
    throw new ModelError(
      'head-unsupported',
      'the classifier cannot be adapted: its scores are a softmax; expected independent (sigmoid) ones',
    );
  }
  const gather = (
    what: Pick<GatherOptions, 'folders' | 'pixelSizes'> & Partial<GatherOptions>,
  ): Promise<GatheredCells> =>
    gatherCells({
      ...what,
      crop: metadata.crop,
      outlines: 'segmented',
      cellsPerField: recipe.cellsPerField,
      seed: recipe.seed,
      ...(events.onField ? { onField: events.onField } : {}),
    });
  const data = await gather({
    folders: recipe.data,
    pixelSizes: recipe.pixelSizes,
    ...(recipe.labels === null ? {} : { labels: recipe.labels }),
  });
  const keep = await gather({ folders: recipe.keep, pixelSizes: recipe.keepPixelSizes });
  const related =
    recipe.fieldModelData.length === 0
      ? null
      : await gather({ folders: recipe.fieldModelData, pixelSizes: recipe.keepPixelSizes });
  const folds = splitFolds(
    new Map(data.fields.map(({ key, locations }) => [key, locations])),
    recipe.folds,
    recipe.seed,
  );
  const random = createRandom(recipe.seed);
  const turns = turnsOf(metadata);
  const total =
    listCells(data.fields).length * (recipe.variations + turns) +
    listCells(keep.fields).length +
    listCells(related?.fields ?? []).length * turns;
  let done = 0;
  const onCrops = (count: number) => {
    done += count;
    events.onCrops?.(done, total);
  };
  const labelled = new Map<string, LabelledField>();
  for (const field of data.fields) {
    labelled.set(field.key, {
      field,
      shown: await exampleFeatures(head, field, recipe.variations, random, onCrops),
      turned: await turnedFeatures(head, field, turns, onCrops),
    });
  }
  const kept = joinRows(
    await inTurn(keep.fields, (field) => exampleFeatures(head, field, 1, random, onCrops)),
  );
  const turnedRelated = await inTurn(related?.fields ?? [], async (field) => ({
    field,
    turned: await turnedFeatures(head, field, turns, onCrops),
  }));
  const fits = folds.length + 1;
  let begun = 0;
  /** The classifier adapted to some of the fields. */
  const adaptTo = async (fields: readonly LabelledField[]) => {
    events.onFit?.(++begun, fits);
    const examples = layerExamples(head, fields, kept, recipe.keepWeight);
    const layer = await fitLastLayer(runtime, head.layer, examples, recipe);
    const prediction = metadata.prediction ?? null;
    const fieldModel =
      turnedRelated.length === 0
        ? null
        : await fitFieldModel(
            runtime,
            turnedRelated.map(({ field: { locations, cells }, turned }) => ({
              locations,
              cells: cellScores(layer, turned, cells.length),
            })),
            prediction,
            recipe.seed,
          );
    const { calibration: _, fieldModel: __, ...described } = describe(metadata, recipe, fields, keep.fields);
    const account = fieldModel === null ? described : { ...described, fieldModel };
    const calibration = await calibrate(head.withLayer(layer, account));
    return {
      layer,
      prediction,
      fieldModel,
      calibration,
      metadata: calibration === null ? account : { ...account, calibration },
    };
  };
  const before: JudgedClassifier = {
    layer: head.layer,
    prediction: head.metadata.prediction ?? null,
    fieldModel: head.metadata.fieldModel ?? null,
    calibration: head.metadata.calibration ?? null,
  };
  const judged: JudgedField[] = [];
  for (const { training, validation } of folds) {
    const after = await adaptTo(pick(labelled, training));
    for (const { field, turned } of pick(labelled, validation)) {
      judged.push(judgeField(field, turned, { before, after }));
    }
  }
  const final = await adaptTo([...labelled.values()]);
  return {
    onnx: head.withLayer(final.layer, final.metadata),
    metadata: final.metadata,
    judged: judged.sort((a, b) => (a.field < b.field ? -1 : 1)),
    fieldModelDropped: before.fieldModel !== null && final.fieldModel === null,
    leftOut: {
      data: leftOutOf(data),
      keep: leftOutOf(keep),
      fieldModelData: related && leftOutOf(related),
    },
  };
}

/** A labelled field with its features: of the varied crops, for learning, and of the turned ones, for judging. */
interface LabelledField {
  readonly field: FieldCells;
  readonly shown: Float32Array;
  readonly turned: Float32Array;
}

function pick(fields: ReadonlyMap<string, LabelledField>, keys: readonly string[]): LabelledField[] {
  return keys.map((key) => fields.get(key)!);
}

function turnsOf({ prediction }: ClassifierMetadata): number {
  return prediction?.turns ?? 1;
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const item of items) made.push(await work(item));
  return made;
}

/** What the last layer learns: the labels of the labelled cells, and its own former scores of the kept ones. */
function layerExamples(
  { features, layer }: ClassifierHead,
  labelled: readonly LabelledField[],
  kept: Float32Array,
  keepWeight: number,
): LayerExamples {
  const weights = weightFields(labelled);
  const keptRows = kept.length / features;
  const rowsOf = ({ shown }: LabelledField) => shown.length / features;
  return {
    features: joinRows([...labelled.map(({ shown }) => shown), kept]),
    targets: joinRows([
      ...labelled.flatMap((one) => {
        const targets = targetsOf(one.field.locations);
        return Array.from({ length: rowsOf(one) }, () => targets);
      }),
      layerScores(layer, kept),
    ]),
    weights: joinRows([
      ...labelled.map((one, i) => new Float32Array(rowsOf(one)).fill(weights[i] / rowsOf(one))),
      new Float32Array(keptRows).fill(keepWeight / keptRows),
    ]),
  };
}

/** One weight a field, 1 in all: the mean over its locations of one over the square root of their fields. */
function weightFields(fields: readonly LabelledField[]): number[] {
  const counts = LOCATIONS.map((_, id) => fields.filter(({ field }) => field.locations.includes(id)).length);
  const weights = fields.map(({ field: { locations } }) =>
    locations.reduce((sum, id) => sum + counts[id] ** -0.5 / locations.length, 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function describe(
  metadata: ClassifierMetadata,
  { seed, keepWeight, variations, epochs, learningRate }: AdaptationRecipe,
  labelled: readonly LabelledField[],
  keep: readonly FieldCells[],
): ClassifierMetadata {
  return {
    ...metadata,
    training: {
      ...metadata.training,
      adaptedOnFields: labelled.length,
      adaptedOnCells: listCells(labelled.map(({ field }) => field)).length,
      adaptationKeptFields: keep.length,
      adaptationKeptCells: listCells(keep).length,
      adaptationKeepWeight: keepWeight,
      adaptationVariations: variations,
      adaptationEpochs: epochs,
      adaptationLearningRate: learningRate,
      adaptationSeed: seed,
    },
  };
}
