/**
 * Pre- and post-processing steps of bioimage.io packages, on planes: one plane a channel.
 * Source: the formats' lists of preprocessing and postprocessing operations, 0.4 and 0.5.
 */
import { ModelError } from '../common/index.js';
import { type FloatPlane, percentile } from '../imaging/index.js';
import type { ProcessingStep } from './package-description.js';

type Settings = ProcessingStep['settings'];

/**
 * Applies the steps one after the other; returns new planes.
 * @throws ModelError `package-unsupported` for a step that is not known, `package-format` for a setting that is wrong
 */
export function processPlanes(planes: readonly FloatPlane[], steps: readonly ProcessingStep[]): FloatPlane[] {
  let result: FloatPlane[] = planes.map((plane) => ({ ...plane, data: plane.data.slice() }));
  for (const step of steps) result = applyStep(result, step);
  return result;
}

function applyStep(planes: FloatPlane[], { name, settings }: ProcessingStep): FloatPlane[] {
  switch (name) {
    case 'ensure_dtype':
      return planes;
    case 'binarize': {
      const threshold = perChannel(settings, 'threshold', planes.length);
      return mapPlanes(planes, (value, c) => (value > threshold[c] ? 1 : 0));
    }
    case 'clip': {
      const low = optional(settings, 'min') ?? Number.NEGATIVE_INFINITY;
      const high = optional(settings, 'max') ?? Number.POSITIVE_INFINITY;
      return mapPlanes(planes, (value) => Math.min(high, Math.max(low, value)));
    }
    case 'scale_linear': {
      const gain = perChannel(settings, 'gain', planes.length, 1);
      const offset = perChannel(settings, 'offset', planes.length, 0);
      return mapPlanes(planes, (value, c) => value * gain[c] + offset[c]);
    }
    case 'sigmoid':
      return mapPlanes(planes, (value) => 1 / (1 + Math.exp(-value)));
    case 'softmax':
      return softmax(planes);
    case 'fixed_zero_mean_unit_variance':
      return standardiseFixed(planes, settings);
    case 'zero_mean_unit_variance':
      if (settings.mode === 'fixed') return standardiseFixed(planes, settings);
      if (settings.mode === 'per_dataset') break;
      return standardise(planes, optional(settings, 'eps') ?? 1e-6, sharesChannels(settings));
    case 'scale_range':
      if (settings.mode === 'per_dataset' || settings.reference_tensor) break;
      return scaleRange(planes, settings);
  }
  throw new ModelError(
    'package-unsupported',
    `the package's processing step "${name}"${settings.mode ? ` with mode ${settings.mode}` : ''} is not supported; ` +
      'supported are binarize, clip, scale_linear, sigmoid, softmax, zero_mean_unit_variance, fixed_zero_mean_unit_variance, scale_range',
  );
}

function mapPlanes(planes: FloatPlane[], map: (value: number, channel: number) => number): FloatPlane[] {
  planes.forEach(({ data }, c) => {
    for (let i = 0; i < data.length; i++) data[i] = map(data[i], c);
  });
  return planes;
}

function softmax(planes: FloatPlane[]): FloatPlane[] {
  for (let i = 0; i < planes[0].data.length; i++) {
    const greatest = Math.max(...planes.map(({ data }) => data[i]));
    let sum = 0;
    for (const { data } of planes) {
      data[i] = Math.exp(data[i] - greatest);
      sum += data[i];
    }
    for (const { data } of planes) data[i] /= sum;
  }
  return planes;
}

function standardiseFixed(planes: FloatPlane[], settings: Settings): FloatPlane[] {
  const mean = perChannel(settings, 'mean', planes.length);
  const sd = perChannel(settings, 'std', planes.length);
  return mapPlanes(planes, (value, c) => (value - mean[c]) / sd[c]);
}

/** Whether statistics are taken over all channels together: the axes name c, or none are named. */
function sharesChannels({ axes }: Settings): boolean {
  if (axes === undefined || axes === null) return true;
  if (typeof axes === 'string') return axes.includes('c');
  return Array.isArray(axes) && axes.some((axis) => axis === 'c' || axis === 'channel');
}

function standardise(planes: FloatPlane[], epsilon: number, together: boolean): FloatPlane[] {
  const groups = together ? [planes] : planes.map((plane) => [plane]);
  for (const group of groups) {
    const count = group.length * group[0].data.length;
    let sum = 0;
    for (const { data } of group) for (let i = 0; i < data.length; i++) sum += data[i];
    const mean = sum / count;
    let squares = 0;
    for (const { data } of group) for (let i = 0; i < data.length; i++) squares += (data[i] - mean) ** 2;
    const sd = Math.sqrt(squares / count) + epsilon;
    mapPlanes(group, (value) => (value - mean) / sd);
  }
  return planes;
}

function scaleRange(planes: FloatPlane[], settings: Settings): FloatPlane[] {
  const lowPercent = optional(settings, 'min_percentile') ?? 0;
  const highPercent = optional(settings, 'max_percentile') ?? 100;
  const epsilon = optional(settings, 'eps') ?? 1e-6;
  const groups = sharesChannels(settings) ? [planes] : planes.map((plane) => [plane]);
  for (const group of groups) {
    const all = joined(group);
    const low = percentile(all, lowPercent);
    const high = percentile(all, highPercent);
    mapPlanes(group, (value) => (value - low) / (high - low + epsilon));
  }
  return planes;
}

function joined(planes: readonly FloatPlane[]): FloatPlane {
  const [{ width, height }] = planes;
  const data = new Float32Array(planes.length * width * height);
  planes.forEach((plane, c) => {
    data.set(plane.data, c * width * height);
  });
  return { width, height: height * planes.length, bitDepth: 32, data };
}

function optional(settings: Settings, name: string): number | null {
  const value = settings[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  throw wrong(name, 'a number', value);
}

/** A number for each channel: one for all, or a list. */
function perChannel(settings: Settings, name: string, channels: number, otherwise?: number): number[] {
  const value = settings[name] ?? otherwise;
  if (typeof value === 'number') return Array(channels).fill(value);
  const list = Array.isArray(value) ? value.filter((entry) => typeof entry === 'number') : [];
  if (list.length === channels) return list;
  if (list.length === 1) return Array(channels).fill(list[0]);
  throw wrong(name, `a number or ${channels} numbers`, value);
}

function wrong(name: string, expected: string, found: unknown): ModelError {
  return new ModelError(
    'package-format',
    `the package's processing setting "${name}" is ${JSON.stringify(found)}, expected ${expected}`,
  );
}
