import type { LabelImage } from './plane.js';

/**
 * The connected pieces (4-connected) of equal label, numbered 1, 2, ... in the raster order of their first pixel:
 * touching labels stay apart, a label in two pieces gets two numbers. Background stays 0.
 */
export function labelPieces(labels: LabelImage): LabelImage {
  const { width, height, data } = labels;
  const pieces = new Int32Array(data.length);
  const stack = new Int32Array(data.length);
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || pieces[start] !== 0) continue;
    pieces[start] = ++count;
    stack[0] = start;
    // A pixel is numbered when it is pushed, so it is pushed once and the stack cannot overflow.
    for (let top = 1; top > 0; ) {
      const pixel = stack[--top];
      const x = pixel % width;
      const steps = [
        x > 0 ? -1 : 0,
        x < width - 1 ? 1 : 0,
        pixel >= width ? -width : 0,
        pixel + width < data.length ? width : 0,
      ];
      for (const step of steps) {
        const neighbour = pixel + step;
        if (pieces[neighbour] !== 0 || data[neighbour] !== data[start]) continue;
        pieces[neighbour] = count;
        stack[top++] = neighbour;
      }
    }
  }
  return { width, height, data: pieces };
}
