/** The story of a training as a table and as a page. */
import type { EpochRecord } from './fit.js';
import { listWeights } from './network.js';
import type { ModelSpec } from './spec.js';

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
  const charts = names
    .filter((name) => !name.startsWith('val_') || !names.includes(name.slice(4)))
    .map((name) => {
      const curves = [name, `val_${name}`].filter((curve) => names.includes(curve));
      return chart(name, curves, history, bestEpoch);
    });
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
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .15rem .8rem .15rem 0; text-align: left; font-variant-numeric: tabular-nums; border-bottom: 1px solid #ddd; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; } figcaption { font-weight: 600; }
.best td { font-weight: 600; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${table(['fact', 'value'], Object.entries(allFacts))}
<div class="charts">
${charts.join('\n')}
</div>
<h2>Epochs</h2>
${table(
  ['epoch', ...names],
  history.map(({ epoch, figures }) => [String(epoch), ...names.map((name) => shortNumber(figures[name]))]),
  history.findIndex(({ epoch }) => epoch === bestEpoch),
)}
<h2>Layers</h2>
${table(
  ['name', 'type', 'parameters'],
  model.layers.map(({ name, type }) => [name, type, String(count(name))]),
)}
</body>
</html>
`;
}

/** Colour-blind safe pair (Okabe & Ito 2008): training, validation. */
const COLOURS = ['#0072b2', '#d55e00'];
const WIDTH = 300;
const HEIGHT = 180;
const MARGIN = 44;

function chart(title: string, curves: string[], history: readonly EpochRecord[], bestEpoch?: number): string {
  const values = curves
    .flatMap((name) => history.map(({ figures }) => figures[name]))
    .filter(Number.isFinite);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const last = Math.max(2, history.length);
  const x = (epoch: number) => MARGIN + ((WIDTH - MARGIN - 8) * (epoch - 1)) / (last - 1);
  const y = (value: number) => 8 + (HEIGHT - 32) * (1 - (value - low) / (high - low || 1));
  const lines = curves.map((name, index) => {
    const points = history
      .filter(({ figures }) => Number.isFinite(figures[name]))
      .map(({ epoch, figures }) => `${x(epoch).toFixed(1)},${y(figures[name]).toFixed(1)}`);
    const path = `<polyline fill="none" stroke="${COLOURS[index]}" stroke-width="2" points="${points.join(' ')}"/>`;
    const legend = `<text x="${WIDTH - 8}" y="${20 + 14 * index}" text-anchor="end" fill="${COLOURS[index]}">${escapeHtml(name)}</text>`;
    return path + legend;
  });
  const best =
    bestEpoch === undefined
      ? ''
      : `<line x1="${x(bestEpoch)}" x2="${x(bestEpoch)}" y1="8" y2="${HEIGHT - 24}" stroke="#999" stroke-dasharray="3"/>`;
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-size="11" role="img" aria-label="${escapeHtml(title)} by epoch">
<path d="M${MARGIN} 8V${HEIGHT - 24}H${WIDTH - 8}" fill="none" stroke="#888"/>
<text x="${MARGIN - 4}" y="16" text-anchor="end">${shortNumber(high)}</text>
<text x="${MARGIN - 4}" y="${HEIGHT - 24}" text-anchor="end">${shortNumber(low)}</text>
<text x="${MARGIN}" y="${HEIGHT - 8}">1</text>
<text x="${WIDTH - 8}" y="${HEIGHT - 8}" text-anchor="end">${last}</text>
${best}${lines.join('\n')}
</svg></figure>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], marked = -1): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('');
  const body = rows.map(
    (row, index) => `<tr${index === marked ? ' class="best"' : ''}>${cells('td', row)}</tr>`,
  );
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function shortNumber(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  return value.toFixed(4);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
