/** The two graphs of a training: one that learns from a batch and one that judges it. */
import {
  add,
  compileGraph,
  concat,
  createGraph,
  gradients,
  graphInput,
  mul,
  type Program,
  type Runtime,
  reshape,
  sizeOf,
  sub,
  type Value,
} from '../engine/index.js';
import { cut, type FlatLayout, flatLayout } from './flat.js';
import { buildNetwork, networkInputs } from './network.js';
import { buildObjective, type Objective } from './objective.js';
import { buildUpdate } from './optimizer.js';
import type { TrainerOptions } from './trainer.js';

/** A dropout mask that is fed at each step. */
export interface DropoutMask {
  readonly name: string;
  readonly size: number;
  readonly rate: number;
}

export interface Learning {
  readonly program: Program;
  readonly masks: readonly DropoutMask[];
}

/**
 * Forward pass, backward pass and update in one program. Reads `parameters`, `fixed`, `state.N`, `optimizer.NAME`,
 * `mask.LAYER` and the batch; gives `parameters.next`, `fixed.next`, `state.N.next` and the figures.
 */
export async function compileLearning(
  runtime: Runtime,
  options: TrainerOptions,
  trained: FlatLayout,
  fixed: FlatLayout,
): Promise<Learning> {
  const { model, losses, optimizer, batchSize, averaging } = options;
  const graph = createGraph(runtime);
  const parameters = graphInput(graph, 'parameters', [trained.size]);
  const statistics = graphInput(graph, 'fixed', [fixed.size]);
  const pieces = { ...cut(trained, parameters), ...cut(fixed, statistics) };
  const masks: DropoutMask[] = [];
  const network = buildNetwork(
    {
      graph,
      mode: 'training',
      weight: ({ name }) => pieces[name],
      dropoutMask(layer, shape, rate) {
        const name = `mask.${layer}`;
        masks.push({ name, size: sizeOf(shape), rate });
        return graphInput(graph, name, shape);
      },
    },
    model,
    networkInputs(graph, model, batchSize, 'input.'),
  );
  const objective = buildObjective(model, network.values, losses);
  const slopes = gradients(
    objective.loss,
    trained.infos.map(({ name }) => pieces[name]),
  );
  const slope = concat(
    slopes.map((value) => reshape(value, [sizeOf(value.shape)])),
    0,
  );
  const decaying = flatLayout(trained.infos.filter(({ decays }) => decays)).size;
  const update = buildUpdate(graph, optimizer, parameters, slope, decaying);
  const outputs: Record<string, Value> = {
    ...figureOutputs(objective),
    'parameters.next': update.parameters,
  };
  const state = [...update.state];
  if (averaging !== undefined) {
    const average = graphInput(graph, `state.${state.length}`, parameters.shape);
    const share = graphInput(graph, 'optimizer.averaging', []);
    state.push(add(update.parameters, mul(sub(average, update.parameters), share)));
  }
  state.forEach((value, index) => {
    outputs[`state.${index}.next`] = value;
  });
  if (fixed.size > 0) {
    outputs['fixed.next'] = concat(
      fixed.infos.map(({ name, shape }) =>
        reshape(network.statistics[name] ?? pieces[name], [sizeOf(shape)]),
      ),
      0,
    );
  }
  return { program: await compileGraph(runtime, graph, outputs), masks };
}

/** Forward pass as at inference, with the figures. */
export async function compileJudging(
  runtime: Runtime,
  options: TrainerOptions,
  trained: FlatLayout,
  fixed: FlatLayout,
): Promise<Program> {
  const { model, judgingLosses = options.losses } = options;
  const { graph, values } = inferenceNetwork(runtime, options, trained, fixed);
  return compileGraph(runtime, graph, figureOutputs(buildObjective(model, values, judgingLosses)));
}

/** Forward pass as at inference up to the named layers. */
export async function compileAsking(
  runtime: Runtime,
  options: TrainerOptions,
  layers: readonly string[],
  trained: FlatLayout,
  fixed: FlatLayout,
): Promise<Program> {
  const { graph, values } = inferenceNetwork(runtime, options, trained, fixed);
  return compileGraph(runtime, graph, Object.fromEntries(layers.map((name) => [name, values[name]])));
}

function inferenceNetwork(
  runtime: Runtime,
  { model, batchSize }: TrainerOptions,
  trained: FlatLayout,
  fixed: FlatLayout,
) {
  const graph = createGraph(runtime);
  const pieces = {
    ...cut(trained, graphInput(graph, 'parameters', [trained.size])),
    ...cut(fixed, graphInput(graph, 'fixed', [fixed.size])),
  };
  const network = buildNetwork(
    {
      graph,
      mode: 'inference',
      weight: ({ name }) => pieces[name],
      dropoutMask: (layer, shape) => graphInput(graph, `mask.${layer}`, shape),
    },
    model,
    networkInputs(graph, model, batchSize, 'input.'),
  );
  return { graph, values: network.values };
}

function figureOutputs({ loss, weight, measures }: Objective): Record<string, Value> {
  const outputs: Record<string, Value> = { 'mean.loss': loss, 'weight.loss': weight };
  for (const measure of measures) {
    outputs[`mean.${measure.name}`] = measure.mean;
    outputs[`weight.${measure.name}`] = measure.weight;
  }
  return outputs;
}
