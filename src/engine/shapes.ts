import { ShapeError } from '../common/index.js';
import { type Shape, sizeOf, type Value } from './graph.js';

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** @throws ShapeError `shape-rank` unless the value has one of the given ranks */
export function expectRank(operator: string, what: string, value: Value, ...ranks: number[]): void {
  if (ranks.includes(value.shape.length)) return;
  throw new ShapeError(
    'shape-rank',
    `${operator}: ${what} must have ${ranks.join(' or ')} axes, got shape ${showShape(value.shape)}`,
  );
}

/** @throws ShapeError `shape-mismatch` unless the value has exactly this shape */
export function expectShape(operator: string, what: string, value: Value, expected: Shape): void {
  if (sameShape(value.shape, expected)) return;
  throw new ShapeError(
    'shape-mismatch',
    `${operator}: ${what} must have shape ${showShape(expected)}, got ${showShape(value.shape)}`,
  );
}

/** @throws ShapeError `shape-option` unless n is an integer of at least `least` */
export function expectInteger(operator: string, what: string, n: number, least: number): void {
  if (Number.isInteger(n) && n >= least) return;
  throw new ShapeError(
    'shape-option',
    `${operator}: ${what} must be an integer of at least ${least}, got ${n}`,
  );
}

/**
 * Axis counted from the front; negative ones count from the back.
 * @throws ShapeError `shape-axis`
 */
export function normalAxis(operator: string, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && normal >= 0 && normal < rank) return normal;
  throw new ShapeError('shape-axis', `${operator}: axis ${axis} does not exist in a tensor of ${rank} axes`);
}

/**
 * Shape of two operands broadcast against each other, by NumPy's rule.
 * @throws ShapeError `shape-broadcast`
 */
export function broadcastShapes(operator: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new ShapeError(
        'shape-broadcast',
        `${operator}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast (axis ${axis}: ${sizeA} against ${sizeB})`,
      );
    }
    out.push(sizeA === 1 ? sizeB : sizeA);
  }
  return out;
}

/** The shape with the given axes removed, or kept with size 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepAxes: boolean): number[] {
  if (keepAxes) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** @throws ShapeError `shape-size` unless both shapes hold equally many elements */
export function expectSameSize(operator: string, from: Shape, to: Shape): void {
  if (sizeOf(from) === sizeOf(to)) return;
  throw new ShapeError(
    'shape-size',
    `${operator}: ${showShape(from)} holds ${sizeOf(from)} elements, ${showShape(to)} would hold ${sizeOf(to)}`,
  );
}

/** Largest divisor of a number that is not above a limit. */
export function largestDivisor(number: number, limit: number): number {
  let divisor = Math.min(number, limit);
  while (number % divisor !== 0) divisor--;
  return divisor;
}
