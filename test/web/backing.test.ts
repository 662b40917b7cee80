import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Backing, backingFor, offsetOn } from '../../src/web/page/backing.js';
import type { View } from '../../src/web/page/view.js';

/** The browser's class, as far as it is used. */
class Canvas {
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }
  getContext() {
    return { canvas: this };
  }
}
beforeAll(() => vi.stubGlobal('OffscreenCanvas', Canvas));
afterAll(() => vi.unstubAllGlobals());

const SCREEN = { width: 100, height: 60 };
const SHOWN: View = { x: 10, y: 20, scale: 2 };
const SCENE = {};
const drawn: View[] = [];
const next = (old: Backing | null, shown: View, scene = SCENE) =>
  backingFor(old, scene, shown, SCREEN, (_, view) => drawn.push(view));

test('a backing holds what is shown, at its scale, in whole pixels', () => {
  const held = { canvas: { width: 120, height: 60 }, view: SHOWN };
  expect(offsetOn(held, SHOWN, SCREEN)).toEqual({ x: 0, y: 0 });
  expect(offsetOn(held, { ...SHOWN, x: 20 }, SCREEN)).toEqual({ x: 20, y: 0 });
  expect(offsetOn(held, { ...SHOWN, x: 20.6 }, SCREEN)).toBeNull();
  expect(offsetOn(held, { ...SHOWN, y: 19 }, SCREEN)).toBeNull();
  expect(offsetOn(held, { ...SHOWN, scale: 2.1 }, SCREEN)).toBeNull();
});

test('it is drawn without a margin at first, with one when panned out of, and not again within that', () => {
  const first = next(null, SHOWN);
  expect([first.canvas.width, first.canvas.height, first.view]).toEqual([100, 60, SHOWN]);
  const panned = next(first, { ...SHOWN, x: 11 });
  expect([panned.canvas.width, panned.canvas.height]).toEqual([200, 120]);
  expect(panned.view).toEqual({ scale: 2, x: 11 - 25, y: 20 - 15 });
  expect(next(panned, { ...SHOWN, x: 35, y: 6 })).toBe(panned);
  expect(drawn).toHaveLength(2);
});

test('another scene or scale is drawn anew, without a margin', () => {
  const panned = next(next(null, SHOWN), { ...SHOWN, x: 11 });
  expect(next(panned, SHOWN, { other: true }).canvas.width).toBe(100);
  expect(next(panned, { ...SHOWN, scale: 3 }).canvas.width).toBe(100);
});
