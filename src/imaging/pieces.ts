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
      const label = data[pixel];
      if (x > 0 && pieces[pixel - 1] === 0 && data[pixel - 1] === label) {
        pieces[pixel - 1] = count;
        stack[top++] = pixel - 1;
      }
      if (x < width - 1 && pieces[pixel + 1] === 0 && data[pixel + 1] === label) {
        pieces[pixel + 1] = count;
        stack[top++] = pixel + 1;
      }
      if (pixel >= width && pieces[pixel - width] === 0 && data[pixel - width] === label) {
        pieces[pixel - width] = count;
        stack[top++] = pixel - width;
      }
      if (pixel + width < data.length && pieces[pixel + width] === 0 && data[pixel + width] === label) {
        pieces[pixel + width] = count;
        stack[top++] = pixel + width;
      }
    }
  }
  return { width, height, data: pieces };
}
