import { dot, ruleY } from '@observablehq/plot';
import { chart } from '../../report/chart/index.js';
import { section, table } from '../../report/index.js';
import { BALANCES, type Balance, balancedCounts, countLocations, planBalance } from '../balance.js';
import type { Fold } from '../split.js';
import { NAME_WIDTH, type NumberFormat } from './label-sections.js';
import type { Words } from './words.js';

/** What a method makes of the samples. */
interface BalanceEffect {
  readonly method: Balance;
  /** How much each location counts. */
  readonly counts: Float64Array;
  readonly drawn: number;
  readonly mostRepeats: number;
}

/**
 * Each method's effect on samples with these locations, before and after.
 * @param what the samples are called, e.g. `images`
 */
export function balanceSection(
  locations: readonly (readonly number[])[],
  seed: number,
  what: string,
  words: Words,
  format: NumberFormat,
): string {
  const effects = BALANCES.map((method): BalanceEffect => {
    const plan = planBalance(locations, { method, seed });
    const repeats = new Uint32Array(locations.length);
    for (const sample of plan.samples) repeats[sample]++;
    return {
      method,
      counts: balancedCounts(locations, plan),
      drawn: plan.samples.length,
      mostRepeats: repeats.reduce((most, count) => Math.max(most, count), 0),
    };
  });
  return section(
    words.balance,
    [balanceChart(effects, words, format), balanceTable(effects, words, format)],
    {
      text: words.balanceText(`${format(locations.length)} ${what}`),
    },
  );
}

function balanceChart(effects: readonly BalanceEffect[], words: Words, format: NumberFormat): string {
  const points = effects.flatMap(({ method, counts }) =>
    words.locations
      .map((location, id) => ({ location, count: counts[id], method: words.methods[method] }))
      .filter(({ count }) => count > 0),
  );
  return chart({
    title: words.balanceChart,
    width: 900,
    height: 520,
    marginLeft: NAME_WIDTH,
    x: { label: null, type: 'log', grid: true, ticks: 6, tickFormat: format },
    y: { label: null, domain: [...words.locations] },
    color: { domain: BALANCES.map((method) => words.methods[method]), legend: true },
    marks: [
      ruleY(words.locations, { stroke: '#eee' }),
      dot(points, { x: 'count', y: 'location', fill: 'method', r: 4, fillOpacity: 0.85 }),
    ],
  });
}

function balanceTable(effects: readonly BalanceEffect[], words: Words, format: NumberFormat): string {
  const figures: [string, (effect: BalanceEffect) => number][] = [
    [words.drawn, ({ drawn }) => drawn],
    [words.mostRepeats, ({ mostRepeats }) => mostRepeats],
    [words.imbalance, ({ counts }) => imbalance(counts)],
  ];
  return table(
    [words.location, ...effects.map(({ method }) => words.methods[method])],
    [
      ...words.locations.map((location, id) => [
        location,
        ...effects.map(({ counts }) => Math.round(counts[id])),
      ]),
      ...figures.map(([name, figure]) => [name, ...effects.map(figure)]),
    ],
    { format },
  );
}

function imbalance(counts: Float64Array): number {
  const present = counts.filter((count) => count > 0);
  return Math.max(...present) / Math.min(...present);
}

/** How many images of each location every fold judges. */
export function foldsSection(
  folds: readonly Fold[],
  locations: ReadonlyMap<string, readonly number[]>,
  words: Words,
  format: NumberFormat,
): string {
  const counts = folds.map(({ validation }) =>
    countLocations(validation.map((image) => locations.get(image) ?? [])),
  );
  return section(
    words.folds,
    [
      table(
        [words.location, ...folds.map((_, fold) => words.fold(fold + 1))],
        [
          ...words.locations.map((location, id) => [location, ...counts.map((own) => own[id])]),
          [words.images, ...folds.map(({ validation }) => validation.length)],
        ],
        { format, marked: words.locations.length },
      ),
    ],
    { text: words.foldsText },
  );
}
