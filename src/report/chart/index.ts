/** Charts of a page; apart, because their libraries take longer to load than all else. Platform-neutral. */
import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml } from '../page.js';

/** Colours that most colour-blind readers can tell apart (Okabe & Ito 2008, "Color Universal Design"), black left for text. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#f0e442'] as const;

export interface ChartOptions extends Omit<PlotOptions, 'document' | 'title' | 'caption'> {
  readonly title: string;
}

/** A chart as SVG inside a figure; marks, scales and sizes as Observable Plot takes them. */
export function chart({ title, ...options }: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const color = { range: [...PALETTE], ...options.color };
  const drawn = plot({
    ...options,
    ...(usesOwnColours(options) ? {} : { color }),
    ariaLabel: title,
    document,
  });
  return `<figure class="chart"><figcaption>${escapeHtml(title)}</figcaption>${drawn.outerHTML}</figure>`;
}

function usesOwnColours({ color }: Pick<PlotOptions, 'color'>): boolean {
  return color?.range !== undefined || color?.scheme !== undefined || color?.type === 'linear';
}
