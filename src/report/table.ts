import { escapeHtml } from './page.js';

/** Text; a number, set flush right; or a number with a bar behind it that fills `share` (0 to 1) of the cell. */
export type Cell = string | number | undefined | { readonly text: string; readonly share: number };

export interface TableOptions {
  /** Index of a row set in bold. */
  readonly marked?: number;
  /** Wording of numbers. @default up to 4 decimals, exponents below 0.001 */
  readonly format?: (value: number) => string;
}

/** A table; a missing or non-finite value is an empty cell. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { marked, format = shortNumber }: TableOptions = {},
): string {
  const numeric = head.map((_, column) =>
    rows.some((row) => ['number', 'object'].includes(typeof row[column])),
  );
  const titles = head.map((title, column) => cell('th', title, numeric[column], format)).join('');
  const body = rows.map((row, index) => {
    const cells = row.map((value, column) => cell('td', value, numeric[column], format)).join('');
    return `<tr${index === marked ? ' class="marked"' : ''}>${cells}</tr>`;
  });
  return `<table><thead><tr>${titles}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function cell(tag: 'td' | 'th', value: Cell, numeric: boolean, format: (value: number) => string): string {
  if (typeof value === 'object') {
    const percent = (100 * Math.min(1, Math.max(0, value.share))).toFixed(1);
    return `<${tag} class="number bar" style="--share:${percent}%">${escapeHtml(value.text)}</${tag}>`;
  }
  const text = typeof value === 'number' ? (Number.isFinite(value) ? format(value) : '') : (value ?? '');
  return `<${tag}${numeric ? ' class="number"' : ''}>${escapeHtml(text)}</${tag}>`;
}

function shortNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : value.toFixed(4);
}
