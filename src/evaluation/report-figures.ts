/** How figures are worded in reports. */
import type { Cell } from '../report/index.js';

/** A share with a bar behind it. */
export function bar(share: number): Cell {
  return { text: three(share), share };
}

export function three(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}

export function triple(a: number, b: number, c: number): string {
  return `${three(a)}; ${three(b)}; ${three(c)}`;
}

export function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${three(value)}`;
}

export function percent(value: number): string {
  return Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)} %`;
}
