/**
 * Descriptions of bioimage.io model packages (`rdf.yaml`), formats 0.4 and 0.5, brought to one shape.
 * Source: https://github.com/bioimage-io/spec-bioimage-io (model_descr of both formats).
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { ModelError } from '../common/index.js';

/** A step before or after the network: its name and settings, as in the format. */
export interface ProcessingStep {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Width or height of the input: one size, or `least` and so many steps more. */
export interface PackageSize {
  readonly least: number;
  /** 0: only `least` will do. */
  readonly step: number;
}

export interface PackageTensor {
  readonly name: string;
  /** One letter an axis: b, c, y, x. */
  readonly axes: string;
  readonly processing: readonly ProcessingStep[];
  /** File with an example. */
  readonly test: string | null;
}

/** What a package says of its network. */
export interface PackageDescription {
  readonly name: string;
  readonly formatVersion: string;
  readonly weights: { readonly source: string; readonly sha256: string | null };
  readonly input: PackageTensor & {
    readonly channels: number;
    readonly height: PackageSize;
    readonly width: PackageSize;
    /** Scale in um a pixel; null where it is not said. */
    readonly pixelSizeUm: number | null;
  };
  readonly output: PackageTensor & {
    /** null where it is not said. */
    readonly channels: number | null;
    /** Pixels at each side of a tile that are not to be trusted. */
    readonly haloPx: number;
  };
  /** Settings that programs keep in a package for themselves, by program. */
  readonly config: Readonly<Record<string, unknown>>;
}

const source = z.union([z.string(), z.object({ source: z.string() }).transform((file) => file.source)]);
const onnxSchema = z.object({ source, sha256: z.string().nullish() });
const stepSchema = z
  .object({
    name: z.string().optional(),
    id: z.string().optional(),
    kwargs: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform(({ name, id, kwargs }): ProcessingStep => ({ name: name ?? id ?? '', settings: kwargs ?? {} }));
const common = {
  name: z.string(),
  format_version: z.string(),
  weights: z.object({ onnx: onnxSchema.optional() }),
  config: z.record(z.string(), z.unknown()).nullish(),
};

const oldShape = z.union([
  z.array(z.number()),
  z.object({ min: z.array(z.number()), step: z.array(z.number()) }),
]);
const oldSchema = z.object({
  ...common,
  inputs: z.array(
    z.object({
      name: z.string(),
      axes: z.string(),
      shape: oldShape,
      preprocessing: z.array(stepSchema).nullish(),
    }),
  ),
  outputs: z.array(
    z.object({
      name: z.string(),
      axes: z.string(),
      shape: z.unknown(),
      halo: z.array(z.number()).nullish(),
      postprocessing: z.array(stepSchema).nullish(),
    }),
  ),
  test_inputs: z.array(source).nullish(),
  test_outputs: z.array(source).nullish(),
});

const axisSchema = z.object({
  type: z.enum(['batch', 'channel', 'space', 'time', 'index']),
  id: z.string().nullish(),
  channel_names: z.array(z.string()).nullish(),
  size: z.unknown().optional(),
  scale: z.number().nullish(),
  unit: z.string().nullish(),
  halo: z.number().nullish(),
});
type Axis = z.infer<typeof axisSchema>;
const newTensor = z.object({
  id: z.string(),
  axes: z.array(axisSchema),
  test_tensor: source.nullish(),
  preprocessing: z.array(stepSchema).nullish(),
  postprocessing: z.array(stepSchema).nullish(),
});
const newSchema = z.object({ ...common, inputs: z.array(newTensor), outputs: z.array(newTensor) });

/**
 * Reads the text of an `rdf.yaml`.
 * @throws ModelError `package-unreadable` (no YAML), `package-format` (no model of format 0.4 or 0.5, or a field is
 *   wrong), `package-unsupported` (several inputs, three dimensions, no ONNX weights)
 */
export function parsePackage(text: string): PackageDescription {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new ModelError(
      'package-unreadable',
      `the package's description is no YAML: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`,
      { cause },
    );
  }
  const head = z.object({ format_version: z.string(), type: z.literal('model') }).safeParse(value);
  if (!head.success) throw badFormat('type and format_version', head.error);
  const version = head.data.format_version;
  if (version.startsWith('0.4.')) return fromOld(check(oldSchema, value));
  if (version.startsWith('0.5.')) return fromNew(check(newSchema, value));
  throw new ModelError(
    'package-format',
    `the package has format version ${version}; this program reads 0.4 and 0.5`,
  );
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badFormat(parsed.error.issues[0].path.join('.'), parsed.error);
}

function badFormat(where: string, error: z.ZodError): ModelError {
  return new ModelError(
    'package-format',
    `the package's description is not that of a bioimage.io model: ${where}: ${error.issues[0].message}`,
  );
}

function fromOld(rdf: z.infer<typeof oldSchema>): PackageDescription {
  const [input, output] = onlyTensors(rdf);
  checkAxes(input.axes);
  checkAxes(output.axes);
  const { shape } = input;
  const least = Array.isArray(shape) ? shape : shape.min;
  const step = Array.isArray(shape) ? shape.map(() => 0) : shape.step;
  const size = (letter: string): PackageSize => {
    const axis = input.axes.indexOf(letter);
    return { least: least[axis], step: step[axis] };
  };
  const outputShape = Array.isArray(output.shape) ? output.shape[output.axes.indexOf('c')] : undefined;
  const halo = (letter: string) => output.halo?.[output.axes.indexOf(letter)] ?? 0;
  return {
    ...describe(rdf),
    input: {
      name: input.name,
      axes: input.axes,
      processing: input.preprocessing ?? [],
      test: rdf.test_inputs?.[0] ?? null,
      channels: input.axes.includes('c') ? size('c').least : 1,
      height: size('y'),
      width: size('x'),
      pixelSizeUm: null,
    },
    output: {
      name: output.name,
      axes: output.axes,
      processing: output.postprocessing ?? [],
      test: rdf.test_outputs?.[0] ?? null,
      channels: typeof outputShape === 'number' ? outputShape : null,
      haloPx: Math.max(halo('y'), halo('x')),
    },
  };
}

const UM: Readonly<Record<string, number>> = { nanometer: 1e-3, micrometer: 1, millimeter: 1e3 };

function fromNew(rdf: z.infer<typeof newSchema>): PackageDescription {
  const [input, output] = onlyTensors(rdf);
  const letters = (axes: readonly Axis[]) => axes.map(letterOf).join('');
  const axis = (axes: readonly Axis[], letter: string) => axes.find((one) => letterOf(one) === letter);
  const size = (letter: string): PackageSize => {
    const found = z
      .union([z.number(), z.object({ min: z.number(), step: z.number() })])
      .safeParse(axis(input.axes, letter)?.size);
    if (!found.success) throw badFormat(`inputs.0.axes.${letter}.size`, found.error);
    return typeof found.data === 'number'
      ? { least: found.data, step: 0 }
      : { least: found.data.min, step: found.data.step };
  };
  const channelsOf = (axes: readonly Axis[]) => {
    const channel = axis(axes, 'c');
    if (channel === undefined) return 1;
    return channel.channel_names?.length ?? (typeof channel.size === 'number' ? channel.size : null);
  };
  const across = axis(input.axes, 'x');
  const unit = UM[across?.unit ?? ''];
  checkAxes(letters(input.axes));
  checkAxes(letters(output.axes));
  return {
    ...describe(rdf),
    input: {
      name: input.id,
      axes: letters(input.axes),
      processing: input.preprocessing ?? [],
      test: input.test_tensor ?? null,
      channels: channelsOf(input.axes) ?? 1,
      height: size('y'),
      width: size('x'),
      pixelSizeUm: unit === undefined || !across?.scale ? null : across.scale * unit,
    },
    output: {
      name: output.id,
      axes: letters(output.axes),
      processing: output.postprocessing ?? [],
      test: output.test_tensor ?? null,
      channels: channelsOf(output.axes),
      haloPx: Math.max(axis(output.axes, 'y')?.halo ?? 0, axis(output.axes, 'x')?.halo ?? 0),
    },
  };
}

function letterOf({ type, id }: Axis): string {
  return type === 'space' ? (id ?? '?') : type[0];
}

function describe(rdf: Pick<z.infer<typeof oldSchema>, 'name' | 'format_version' | 'weights' | 'config'>) {
  if (!rdf.weights.onnx) {
    throw new ModelError(
      'package-unsupported',
      `the package "${rdf.name}" has no ONNX weights (found ${Object.keys(rdf.weights).join(', ') || 'none'}); convert them to ONNX first`,
    );
  }
  const { source: file, sha256 } = rdf.weights.onnx;
  return {
    name: rdf.name,
    formatVersion: rdf.format_version,
    weights: { source: file, sha256: sha256 ?? null },
    config: rdf.config ?? {},
  };
}

function onlyTensors<I, O>({ name, inputs, outputs }: { name: string; inputs: I[]; outputs: O[] }): [I, O] {
  if (inputs.length === 1 && outputs.length === 1) return [inputs[0], outputs[0]];
  throw new ModelError(
    'package-unsupported',
    `the package "${name}" has ${inputs.length} inputs and ${outputs.length} outputs; expected one of each`,
  );
}

function checkAxes(axes: string): void {
  const known =
    [...axes].every((letter) => 'bcyx'.includes(letter)) && axes.includes('y') && axes.includes('x');
  if (known) return;
  throw new ModelError(
    'package-unsupported',
    `the package's axes are "${axes}"; expected pictures: b, c, y and x only`,
  );
}
