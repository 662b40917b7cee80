import type { Extent, View } from './view.js';

/** A part of a field drawn at one scale, larger than the screen shows: panning copies out of it, and draws nothing. */
export interface Backing {
  readonly canvas: OffscreenCanvas;
  /** What part of the field it holds. */
  readonly view: View;
  /** What was drawn: another object, another picture. */
  readonly scene: object;
}

/** Screen widths drawn on each side once the picture is panned. */
const MARGIN = 0.5;

/** Where the screen's corner lies on the backing, in whole pixels; null where the backing does not hold all that is shown. */
export function offsetOn(
  { canvas, view }: { readonly canvas: Extent; readonly view: View },
  shown: View,
  screen: Extent,
): { readonly x: number; readonly y: number } | null {
  if (view.scale !== shown.scale) return null;
  const x = Math.round((shown.x - view.x) * shown.scale);
  const y = Math.round((shown.y - view.y) * shown.scale);
  const holds = x >= 0 && y >= 0 && x + screen.width <= canvas.width && y + screen.height <= canvas.height;
  return holds ? { x, y } : null;
}

/** The old backing where it still does, else one drawn anew: with a margin where only panning led out of the old one. */
export function backingFor(
  old: Backing | null,
  scene: object,
  shown: View,
  screen: Extent,
  draw: (context: OffscreenCanvasRenderingContext2D, view: View) => void,
): Backing {
  const same = old !== null && old.scene === scene && old.view.scale === shown.scale;
  if (same && offsetOn(old, shown, screen) !== null) return old;
  const margin = same ? MARGIN : 0;
  const [left, top] = [Math.round(margin * screen.width), Math.round(margin * screen.height)];
  const view = { scale: shown.scale, x: shown.x - left / shown.scale, y: shown.y - top / shown.scale };
  const canvas = new OffscreenCanvas(screen.width + 2 * left, screen.height + 2 * top);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures');
  draw(context, view);
  return { canvas, view, scene };
}
