/** What part of a field a canvas shows. */
export interface View {
  /** Field coordinates of the canvas's corner. */
  readonly x: number;
  readonly y: number;
  /** Canvas pixels a field pixel. */
  readonly scale: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

const MOST_SCALE = 64;

/** The whole field, in the middle of the canvas. */
export function fitView(field: Extent, canvas: Extent): View {
  const scale = Math.min(canvas.width / field.width, canvas.height / field.height);
  return {
    scale,
    x: (field.width - canvas.width / scale) / 2,
    y: (field.height - canvas.height / scale) / 2,
  };
}

/** Zooms about a point of the canvas, from half of the fitted size to 64 canvas pixels a field pixel. */
export function zoomView(view: View, factor: number, at: { x: number; y: number }, fitted: View): View {
  const scale = Math.min(MOST_SCALE, Math.max(fitted.scale / 2, view.scale * factor));
  return {
    scale,
    x: view.x + at.x / view.scale - at.x / scale,
    y: view.y + at.y / view.scale - at.y / scale,
  };
}

/** Moves what is shown by canvas pixels. */
export function panView({ x, y, scale }: View, byX: number, byY: number): View {
  return { scale, x: x - byX / scale, y: y - byY / scale };
}

/** The view moved so far that a box of the field lies within, where it does not already. */
export function revealBox(view: View, box: Extent & { x: number; y: number }, canvas: Extent): View {
  const [width, height] = [canvas.width / view.scale, canvas.height / view.scale];
  const inside =
    box.x >= view.x &&
    box.y >= view.y &&
    box.x + box.width <= view.x + width &&
    box.y + box.height <= view.y + height;
  if (inside) return view;
  return { ...view, x: box.x + box.width / 2 - width / 2, y: box.y + box.height / 2 - height / 2 };
}

/** The field's pixel under a point of the canvas; null beside the field. */
export function pixelAt(view: View, at: { x: number; y: number }, field: Extent) {
  const x = Math.floor(view.x + at.x / view.scale);
  const y = Math.floor(view.y + at.y / view.scale);
  return x >= 0 && y >= 0 && x < field.width && y < field.height ? { x, y } : null;
}

/** Longest scale bar in canvas pixels. */
const SCALE_BAR_PX = 140;

/** A round length (1, 2 or 5 times a power of ten) that is not longer than the bar may be. */
export function scaleBar(pixelSizeUm: number, scale: number): { um: number; widthPx: number } {
  const most = (SCALE_BAR_PX / scale) * pixelSizeUm;
  const power = 10 ** Math.floor(Math.log10(most));
  const um = [5, 2, 1].map((part) => part * power).find((length) => length <= most) ?? power;
  return { um: Number(um.toPrecision(1)), widthPx: (um / pixelSizeUm) * scale };
}
