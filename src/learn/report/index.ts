/** The story of a training as a table and as a page. */
import { lineY, ruleX } from '@observablehq/plot';
import { chart } from '../../report/chart/index.js';
import { page, section, table } from '../../report/index.js';
import type { EpochRecord } from '../fit.js';
import { listWeights } from '../network.js';
import type { ModelSpec } from '../spec.js';

/** One line an epoch, one column a figure, in the order of their first appearance. */
export function historyCsv(history: readonly EpochRecord[]): string {
  const names = figureNames(history);
  const rows = history.map(({ epoch, figures }) =>
    [epoch, ...names.map((name) => figures[name] ?? '')].join(','),
  );
  return `${[['epoch', ...names].join(','), ...rows].join('\n')}\n`;
}

function figureNames(history: readonly EpochRecord[]): string[] {
  return [...new Set(history.flatMap(({ figures }) => Object.keys(figures)))];
}

export interface ReportOptions {
  readonly title: string;
  readonly model: ModelSpec;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch?: number;
  /** Lines of a table above the curves: settings, data, duration. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** A page that needs nothing else: facts, a curve for each figure with its validation, the epochs, the layers. */
export function trainingReport({ title, model, history, bestEpoch, facts = {} }: ReportOptions): string {
  const names = figureNames(history);
  const curves = names
    .filter((name) => !name.startsWith('val_') || !names.includes(name.slice(4)))
    .map((name) =>
      curveChart(
        name,
        [name, `val_${name}`].filter((curve) => names.includes(curve)),
        history,
        bestEpoch,
      ),
    );
  const weights = listWeights(model);
  const count = (layer: string) =>
    weights
      .filter(({ name }) => name.slice(0, name.lastIndexOf('.')) === layer)
      .reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
  const allFacts = {
    model: model.name,
    parameters: String(model.layers.reduce((total, { name }) => total + count(name), 0)),
    epochs: String(history.length),
    ...(bestEpoch === undefined ? {} : { 'best epoch': String(bestEpoch) }),
    ...facts,
  };
  return page({
    title,
    parts: [
      table(['fact', 'value'], Object.entries(allFacts)),
      section('Curves', curves, { row: true }),
      section('Epochs', [
        table(
          ['epoch', ...names],
          history.map(({ epoch, figures }) => [epoch, ...names.map((name) => figures[name])]),
          { marked: history.findIndex(({ epoch }) => epoch === bestEpoch) },
        ),
      ]),
      section('Layers', [
        table(
          ['name', 'type', 'parameters'],
          model.layers.map(({ name, type }) => [name, type, count(name)]),
        ),
      ]),
    ],
  });
}

function curveChart(
  title: string,
  curves: readonly string[],
  history: readonly EpochRecord[],
  bestEpoch: number | undefined,
): string {
  const points = curves.flatMap((curve) =>
    history
      .filter(({ figures }) => Number.isFinite(figures[curve]))
      .map(({ epoch, figures }) => ({ epoch, value: figures[curve], curve })),
  );
  return chart({
    title,
    width: 340,
    height: 220,
    x: { label: 'epoch', ticks: Math.min(8, history.length), tickFormat: 'd' },
    y: { label: null, grid: true },
    color: { domain: [...curves], legend: true },
    marks: [
      ...(bestEpoch === undefined ? [] : [ruleX([bestEpoch], { stroke: '#999', strokeDasharray: '3' })]),
      lineY(points, { x: 'epoch', y: 'value', stroke: 'curve', marker: 'dot' }),
    ],
  });
}
