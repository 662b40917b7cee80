import type { LayerSpec } from '../learn/index.js';
import type { NetworkDescription } from './description.js';
import { channelAttention, convolution, residual } from './layers.js';

export const ATTENTIVE_RESIDUAL = attentiveResidual(
  'attentive_residual',
  128,
  'Ours: a residual network with attention over channels for 128 px crops, full resolution in its first layer, means and maxima of three depths at its end.',
);

export const ATTENTIVE_RESIDUAL_96 = attentiveResidual(
  'attentive_residual_96',
  96,
  'Ours: the same layers for 96 px crops of the same 32 um, a third of a um a pixel: half of the work, so twice the epochs in the same time.',
);

/**
 * The first convolution keeps the full resolution and a max pooling follows, so that a spot of two pixels (a centrosome,
 * a nuclear body) is found before anything is reduced. Attention over channels lets a stage weigh what it found by what
 * the whole cell looks like. The logits read means and maxima of three depths at once: a location may be a texture of a
 * few pixels, a shape of the whole cell, or one spot in it.
 *
 * @param inputPx a multiple of 16
 */
function attentiveResidual(name: string, inputPx: number, reason: string): NetworkDescription {
  return {
    ...{ name, reason, inputPx },
    build: (channels, classes) => ({
      name,
      inputs: [{ name: 'crops', shape: [channels, inputPx, inputPx] }],
      layers: [
        ...convolution('stem', 16),
        { type: 'maxPool', name: 'stem_pool', size: 2 },
        ...convolution('fine', 32),
        { type: 'maxPool', name: 'fine_pool', size: 2 },
        ...stage('middle', 64, inputPx / 4),
        { type: 'maxPool', name: 'middle_pool', size: 2 },
        ...stage('coarse', 96, inputPx / 8),
        { type: 'maxPool', name: 'coarse_pool', size: 2 },
        ...stage('whole', 160, inputPx / 16),
        ...summary('middle', inputPx / 4),
        ...summary('coarse', inputPx / 8),
        ...summary('whole', inputPx / 16),
        {
          type: 'concat',
          name: 'features',
          from: ['middle', 'coarse', 'whole'].flatMap((depth) => [`${depth}_mean`, `${depth}_peak`]),
        },
        { type: 'dropout', name: 'dropout', rate: 0.2 },
        { type: 'dense', name: 'logits', units: classes },
      ],
      outputs: ['logits'],
    }),
  };
}

/** A convolution, a residual one and attention; the result is named `NAME_attention`. */
function stage(name: string, filters: number, sizePx: number): LayerSpec[] {
  return [
    ...convolution(name, filters),
    ...residual(`${name}_residual`, `${name}_relu`, filters),
    ...channelAttention(`${name}_attention`, `${name}_residual_relu`, filters, sizePx),
  ];
}

/** Mean and maximum of each plane of a stage, as `NAME_mean` and `NAME_peak`. */
function summary(name: string, sizePx: number): LayerSpec[] {
  const from = `${name}_attention`;
  return [
    { type: 'globalAveragePool', name: `${name}_mean`, from },
    { type: 'maxPool', name: `${name}_peak_pool`, size: sizePx, from },
    { type: 'flatten', name: `${name}_peak` },
  ];
}
