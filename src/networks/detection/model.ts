import type { LayerSpec, LossSpec, ModelSpec } from '../../learn/index.js';
import { convolution } from '../layers.js';
import type { AnchorPlan } from './anchors.js';

/** `sigmoid`: a cell may be at several locations; `softmax`: at one, the background being a class of its own. */
export const CLASS_HEADS = ['sigmoid', 'softmax'] as const;
export type ClassHead = (typeof CLASS_HEADS)[number];

/** One stage of the backbone: its first block halves the size (but for the first stage's). */
export interface Stage {
  /** Of the 3x3 convolutions. */
  readonly filters: number;
  readonly blocks: number;
}

/** What a Mask R-CNN is made of (He et al. 2017; pyramid: Lin et al. 2017). */
export interface MaskRcnnOptions {
  readonly name: string;
  readonly stem: { readonly filters: number; readonly kernel: number };
  /** Strides 4, 8, 16, 32. */
  readonly stages: readonly [Stage, Stage, Stage, Stage];
  /** `basic`: two 3x3 convolutions a block; `bottleneck`: 1x1, 3x3, 1x1 with four times the filters (He et al. 2016). */
  readonly block: 'basic' | 'bottleneck';
  readonly pyramidFilters: number;
  /** Anchors of the pyramid's levels; one level more than stages is the last one, halved. */
  readonly anchors: AnchorPlan;
  readonly boxUnits: number;
  readonly maskFilters: number;
  readonly maskConvolutions: number;
  readonly classHead: ClassHead;
  readonly classes: number;
  /** Regions of an image that a step learns boxes and classes from, and masks. */
  readonly regions: number;
  readonly maskRegions: number;
}

/** Rows and columns that a region has for the box head and for the mask head; the mask is twice as large. */
export const BOX_BINS = 7;
export const MASK_BINS = 14;
export const MASK_SIZE = 2 * MASK_BINS;

export const IMAGE_INPUT = 'image';
export const OBJECTNESS_OUTPUT = 'objectness';
export const CODES_OUTPUT = 'codes';
export const CLASSES_OUTPUT = 'classes';
export const BOXES_OUTPUT = 'boxes';
export const MASKS_OUTPUT = 'masks';

/** Inputs that say which regions a head looks at: boxes [R, 4], sample [R], level [R, levels]. */
export const BOX_REGIONS = { regions: 'regions', images: 'region_images', levels: 'region_levels' };
export const MASK_REGIONS = {
  regions: 'mask_regions',
  images: 'mask_region_images',
  levels: 'mask_region_levels',
};

/** Names of the pyramid's levels that regions are cut out of, finest first. */
export const PYRAMID = ['p2', 'p3', 'p4', 'p5'] as const;
export const PYRAMID_STRIDES = [4, 8, 16, 32] as const;

/** Width of the class head: the locations, and `a cell at all` or the background before them. */
export function classOutputs({ classes }: Pick<MaskRcnnOptions, 'classes'>): number {
  return classes + 1;
}

/**
 * The network: `objectness` [N, anchors] and `codes` [N, 4 anchors] (see `proposeRegions`) of the image; `classes`
 * [R, classes + 1] and `boxes` [R, 4] of `regions`; `masks` [M, 1, 28, 28] of `mask_regions`; all logits or codes. Boxes and
 * masks are the same for all classes (Detectron2's CLS_AGNOSTIC): a cell's outline is the same wherever its protein is.
 */
export function buildMaskRcnn(options: MaskRcnnOptions, channels: number, sizePx: number): ModelSpec {
  const rows = (names: typeof BOX_REGIONS, count: number) => [
    { name: names.regions, shape: [4], rows: count },
    { name: names.images, shape: [], rows: count },
    { name: names.levels, shape: [PYRAMID.length], rows: count },
  ];
  return {
    name: options.name,
    inputs: [
      { name: IMAGE_INPUT, shape: [channels, sizePx, sizePx] },
      ...rows(BOX_REGIONS, options.regions),
      ...rows(MASK_REGIONS, options.maskRegions),
    ],
    layers: [
      ...backbone(options),
      ...pyramid(options),
      ...proposalHead(options),
      ...boxHead(options),
      ...maskHead(options),
    ],
    outputs: [OBJECTNESS_OUTPUT, CODES_OUTPUT, CLASSES_OUTPUT, BOXES_OUTPUT, MASKS_OUTPUT, ...PYRAMID],
  };
}

/** Distance from which the losses of boxes are lines (torchvision: 1/9). */
const BOX_BETA = 1 / 9;

/**
 * The five losses of the paper with equal shares. Those of boxes are summed and, through their entry weights, divided by
 * the number of sampled boxes, as in torchvision.
 */
export function maskRcnnLosses({ classHead }: Pick<MaskRcnnOptions, 'classHead'>): LossSpec[] {
  const box = { type: 'smoothL1', beta: BOX_BETA, reduction: 'sum' } as const;
  const weighted = { name: 'loss', entryWeights: true } as const;
  return [
    { ...weighted, type: 'sigmoidCrossEntropy', output: OBJECTNESS_OUTPUT },
    { ...weighted, ...box, output: CODES_OUTPUT },
    classHead === 'softmax'
      ? { name: 'loss', type: 'softmaxCrossEntropy', output: CLASSES_OUTPUT }
      : { ...weighted, type: 'sigmoidCrossEntropy', reduction: 'sum', output: CLASSES_OUTPUT },
    { ...weighted, ...box, output: BOXES_OUTPUT },
    { ...weighted, type: 'sigmoidCrossEntropy', output: MASKS_OUTPUT },
  ];
}

function backbone({ stem, stages, block }: MaskRcnnOptions): LayerSpec[] {
  const layers: LayerSpec[] = [
    // Padding in numbers, since `same` with a stride depends on the size, which is free in the exported file.
    ...convolution('stem', stem.filters, { kernel: stem.kernel, stride: 2, padding: (stem.kernel - 1) / 2 }),
    { type: 'maxPool', name: 'stem_pool', size: 3, stride: 2, padding: 1 },
  ];
  let from = 'stem_pool';
  stages.forEach((stage, s) => {
    for (let b = 0; b < stage.blocks; b++) {
      const name = `stage${s + 2}_block${b + 1}`;
      layers.push(...residualBlock(name, from, stage.filters, b === 0 && s > 0 ? 2 : 1, b === 0, block));
      from = `${name}_relu`;
    }
  });
  return layers;
}

/** @param projected the shortcut is a convolution, since sizes or channels change */
function residualBlock(
  name: string,
  from: string,
  filters: number,
  stride: number,
  projected: boolean,
  kind: MaskRcnnOptions['block'],
): LayerSpec[] {
  const out = kind === 'basic' ? filters : 4 * filters;
  const inner =
    kind === 'basic'
      ? convolution(`${name}_a`, filters, { from, stride, padding: 1 })
      : [
          ...convolution(`${name}_a`, filters, { from, kernel: 1 }),
          ...convolution(`${name}_b`, filters, { stride, padding: 1 }),
        ];
  const shortcut: LayerSpec[] = projected
    ? [
        {
          ...{ type: 'conv2d', name: `${name}_short`, from, filters: out, kernel: 1, stride },
          ...{ padding: 'valid', bias: false },
        },
        { type: 'batchNorm', name: `${name}_short_norm` },
      ]
    : [];
  return [
    ...inner,
    { type: 'conv2d', name: `${name}_last`, filters: out, kernel: kind === 'basic' ? 3 : 1, bias: false },
    { type: 'batchNorm', name: `${name}_last_norm` },
    ...shortcut,
    {
      type: 'add',
      name: `${name}_sum`,
      from: [projected ? `${name}_short_norm` : from, `${name}_last_norm`],
    },
    { type: 'activation', name: `${name}_relu`, activation: 'relu' },
  ];
}

function pyramid({ stages, pyramidFilters: filters }: MaskRcnnOptions): LayerSpec[] {
  const layers: LayerSpec[] = [];
  let above: string | null = null;
  for (let s = stages.length - 1; s >= 0; s--) {
    const level = PYRAMID[s];
    const lateral = `${level}_lateral`;
    layers.push({
      type: 'conv2d',
      name: lateral,
      from: `stage${s + 2}_block${stages[s].blocks}_relu`,
      filters,
      kernel: 1,
    });
    let merged = lateral;
    if (above !== null) {
      merged = `${level}_merged`;
      layers.push(
        { type: 'resize', name: `${level}_above`, from: above, factor: 2, mode: 'nearest' },
        { type: 'add', name: merged, from: [lateral, `${level}_above`] },
      );
    }
    layers.push({ type: 'conv2d', name: level, from: merged, filters, kernel: 3 });
    above = merged;
  }
  return layers;
}

function proposalHead({ anchors, pyramidFilters: filters }: MaskRcnnOptions): LayerSpec[] {
  const layers: LayerSpec[] = [];
  const levels: string[] = [...PYRAMID];
  if (anchors.strides.length > levels.length) {
    layers.push({ type: 'maxPool', name: 'p6', from: 'p5', size: 1, stride: 2 });
    levels.push('p6');
  }
  const perPlace = anchors.ratios.length;
  levels.forEach((level, index) => {
    const shared = (name: string) => (index === 0 ? {} : { weightsOf: `proposal_${name}_${levels[0]}` });
    const hidden = `proposal_relu_${level}`;
    layers.push(
      { type: 'conv2d', name: `proposal_conv_${level}`, from: level, filters, kernel: 3, ...shared('conv') },
      { type: 'activation', name: hidden, activation: 'relu' },
      {
        ...{ type: 'conv2d', name: `proposal_objectness_${level}`, from: hidden, kernel: 1 },
        ...{ filters: perPlace, ...shared('objectness') },
      },
      { type: 'flatten', name: `objectness_${level}` },
      {
        ...{ type: 'conv2d', name: `proposal_codes_${level}`, from: hidden, kernel: 1 },
        ...{ filters: 4 * perPlace, ...shared('codes') },
      },
      { type: 'flatten', name: `codes_${level}` },
    );
  });
  const all = (name: string) => levels.map((level) => `${name}_${level}`);
  return [
    ...layers,
    { type: 'concat', name: OBJECTNESS_OUTPUT, from: all('objectness') },
    { type: 'concat', name: CODES_OUTPUT, from: all('codes') },
  ];
}

function cut(name: string, names: typeof BOX_REGIONS, size: number): LayerSpec {
  const from = [...PYRAMID, names.regions, names.images, names.levels];
  return { type: 'roiAlign', name, from, size, strides: PYRAMID_STRIDES };
}

function boxHead(options: MaskRcnnOptions): LayerSpec[] {
  const units = options.boxUnits;
  return [
    cut('box_cut', BOX_REGIONS, BOX_BINS),
    { type: 'flatten', name: 'box_flat' },
    { type: 'dense', name: 'box_dense1', units },
    { type: 'activation', name: 'box_relu1', activation: 'relu' },
    { type: 'dense', name: 'box_dense2', units },
    { type: 'activation', name: 'box_relu2', activation: 'relu' },
    { type: 'dense', name: CLASSES_OUTPUT, from: 'box_relu2', units: classOutputs(options) },
    { type: 'dense', name: BOXES_OUTPUT, from: 'box_relu2', units: 4 },
  ];
}

function maskHead({ maskFilters: filters, maskConvolutions }: MaskRcnnOptions): LayerSpec[] {
  const layers: LayerSpec[] = [cut('mask_cut', MASK_REGIONS, MASK_BINS)];
  for (let i = 1; i <= maskConvolutions; i++) {
    layers.push(
      { type: 'conv2d', name: `mask_conv${i}`, filters, kernel: 3 },
      { type: 'activation', name: `mask_relu${i}`, activation: 'relu' },
    );
  }
  layers.push(
    { type: 'convTranspose2d', name: 'mask_up', filters, kernel: 2, stride: 2 },
    { type: 'activation', name: 'mask_up_relu', activation: 'relu' },
    { type: 'conv2d', name: MASKS_OUTPUT, filters: 1, kernel: 1 },
  );
  return layers;
}
