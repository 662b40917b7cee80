import { useRef } from 'preact/hooks';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Gestures {
  onPan(byX: number, byY: number): void;
  onZoom(factor: number, at: Point): void;
  onClick(at: Point): void;
  /** Null when the pointer leaves. */
  onHover(at: Point | null): void;
}

/** A pointer that moves less is a click. */
const CLICK_PX = 4;

/** Handlers of an element that turn one pointer's drag into panning, two into zooming; points count from its corner. */
export function usePointerGestures({ onPan, onZoom, onClick, onHover }: Gestures) {
  const pointers = useRef(new Map<number, Point>());
  const start = useRef<Point | null>(null);
  return {
    onPointerDown(event: PointerEvent) {
      if (!(event.currentTarget instanceof Element) || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, pointOf(event));
      start.current = pointers.current.size === 1 ? pointOf(event) : null;
    },
    onPointerMove(event: PointerEvent) {
      const now = pointOf(event);
      const before = pointers.current.get(event.pointerId);
      if (before === undefined) {
        // What is dragged stays under the pointer.
        onHover(now);
        return;
      }
      if (start.current !== null && distance(start.current, now) < CLICK_PX) return;
      start.current = null;
      pointers.current.set(event.pointerId, now);
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other === undefined) onPan(now.x - before.x, now.y - before.y);
      else onZoom(distance(now, other) / Math.max(1, distance(before, other)), other);
    },
    onPointerUp(event: PointerEvent) {
      pointers.current.delete(event.pointerId);
      if (start.current !== null) onClick(pointOf(event));
      start.current = null;
    },
    onPointerCancel(event: PointerEvent) {
      pointers.current.delete(event.pointerId);
      start.current = null;
    },
    onPointerLeave() {
      onHover(null);
    },
  };
}

function pointOf(event: MouseEvent): Point {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
