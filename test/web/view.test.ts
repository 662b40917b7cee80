import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitView, panView, pixelAt, revealBox, scaleBar, zoomView } from '../../src/web/page/view.js';

const FIELD = { width: 400, height: 200 };
const CANVAS = { width: 100, height: 100 };
const FITTED = fitView(FIELD, CANVAS);

test('a fitted field is shown whole, in the middle', () => {
  expect(FITTED).toEqual({ scale: 0.25, x: 0, y: -100 });
  expect(pixelAt(FITTED, { x: 50, y: 50 }, FIELD)).toEqual({ x: 200, y: 100 });
  expect(pixelAt(FITTED, { x: 50, y: 10 }, FIELD)).toBeNull();
});

test('zooming keeps the pixel under the pointer, within its limits', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1000, noNaN: true }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 99 }),
      (factor, x, y) => {
        const zoomed = zoomView(FITTED, factor, { x, y }, FITTED);
        expect(zoomed.scale).toBeGreaterThanOrEqual(FITTED.scale / 2);
        expect(zoomed.scale).toBeLessThanOrEqual(64);
        expect(zoomed.x + x / zoomed.scale).toBeCloseTo(FITTED.x + x / FITTED.scale, 6);
        expect(zoomed.y + y / zoomed.scale).toBeCloseTo(FITTED.y + y / FITTED.scale, 6);
      },
    ),
  );
});

test('panning moves the picture with the pointer', () => {
  expect(panView({ x: 10, y: 20, scale: 2 }, 6, -8)).toEqual({ x: 7, y: 24, scale: 2 });
});

test('a cell beside what is shown is brought to the middle; one within it moves nothing', () => {
  const view = { x: 0, y: 0, scale: 1 };
  expect(revealBox(view, { x: 10, y: 10, width: 20, height: 20 }, CANVAS)).toBe(view);
  expect(revealBox(view, { x: 300, y: 90, width: 20, height: 40 }, CANVAS)).toEqual({
    x: 260,
    y: 60,
    scale: 1,
  });
});

test.each([
  [0.08, 0.4, 20, 100],
  [0.1, 1, 10, 100],
  [1, 1, 100, 100],
  [0.08, 64, 0.1, 80],
])('at %s um a pixel and scale %s the bar shows %s um', (pixelSizeUm, scale, um, widthPx) => {
  const bar = scaleBar(pixelSizeUm, scale);
  expect(bar.um).toBe(um);
  expect(bar.widthPx).toBeCloseTo(widthPx, 6);
});
