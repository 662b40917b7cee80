import type { LayerSpec, ModelSpec } from '../../src/learn/index.js';

const relu = (name: string): LayerSpec => ({ name, type: 'activation', activation: 'relu' });
const norm = (name: string): LayerSpec => ({ name, type: 'batchNorm' });
const conv = (name: string, filters: number, options: Partial<LayerSpec> = {}): LayerSpec =>
  ({ name, type: 'conv2d', filters, kernel: 3, bias: false, ...options }) as LayerSpec;

/** Plain: convolution, normalisation, ReLU, pooling. */
export const CNN: ModelSpec = {
  name: 'cnn',
  inputs: [{ name: 'image', shape: [3, 20, 20] }],
  layers: [
    ...[8, 12, 16].flatMap((filters, i): LayerSpec[] => [
      conv(`conv${i}`, filters),
      norm(`norm${i}`),
      relu(`relu${i}`),
      { name: `pool${i}`, type: 'maxPool', size: 2 },
    ]),
    { name: 'mean', type: 'globalAveragePool' },
    { name: 'logits', type: 'dense', units: 5 },
  ],
  outputs: ['logits'],
};

/** Down and up again, with skips; transposed and bilinear ways up. */
export const UNET: ModelSpec = {
  name: 'unet',
  inputs: [{ name: 'image', shape: [2, 16, 16] }],
  layers: [
    conv('down1', 6),
    norm('norm1'),
    relu('skip1'),
    { name: 'pool1', type: 'maxPool', size: 2 },
    conv('down2', 8),
    norm('norm2'),
    relu('skip2'),
    { name: 'pool2', type: 'averagePool', size: 2 },
    conv('bottom', 12),
    norm('norm3'),
    relu('relu3'),
    { name: 'up2', type: 'convTranspose2d', filters: 8, kernel: 2, stride: 2 },
    { name: 'join2', type: 'concat', from: ['up2', 'skip2'] },
    conv('merge2', 8, { bias: true }),
    relu('relu4'),
    { name: 'up1', type: 'resize', factor: 2, mode: 'bilinear' },
    { name: 'join1', type: 'concat', from: ['up1', 'skip1'] },
    conv('merge1', 6, { bias: true }),
    { name: 'norm5', type: 'groupNorm', groups: 2 },
    relu('relu5'),
    { name: 'logits', type: 'conv2d', filters: 3, kernel: 1 },
  ],
  outputs: ['logits'],
};

/** Depthwise-separable, strides over odd sizes, smooth activations, a residual sum. */
export const SEPARABLE: ModelSpec = {
  name: 'separable',
  inputs: [{ name: 'image', shape: [4, 17, 15] }],
  layers: [
    conv('stem', 8, { stride: 2 }),
    norm('norm0'),
    { name: 'act0', type: 'activation', activation: 'silu' },
    ...[1, 2].flatMap((i): LayerSpec[] => [
      conv(`depth${i}`, 8 * i, { groups: 8 * i, stride: i }),
      norm(`dnorm${i}`),
      { name: `dact${i}`, type: 'activation', activation: 'silu' },
      { name: `point${i}`, type: 'conv2d', filters: 16, kernel: 1, bias: false },
      norm(`pnorm${i}`),
      { name: `pact${i}`, type: 'activation', activation: i === 1 ? 'gelu' : 'leakyRelu' },
    ]),
    { name: 'point3', type: 'conv2d', filters: 16, kernel: 1 },
    { name: 'sum', type: 'add', from: ['point3', 'pact2'] },
    { name: 'mean', type: 'globalAveragePool' },
    { name: 'logits', type: 'dense', units: 3 },
  ],
  outputs: ['logits'],
};
