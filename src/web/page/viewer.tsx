import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CHANNELS, type FieldOfView, type Segmentation } from '../../imaging/index.js';
import type { CellPrediction } from '../../predict/index.js';
import { type Backing, backingFor, offsetOn } from './backing.js';
import { composeField, type Ranges } from './compose.js';
import { legendOf } from './legend.js';
import { outlinePaths } from './outlines.js';
import { usePointerGestures } from './pointer-gestures.js';
import { drawOverlay, type Look } from './scene.js';
import { fitView, panView, pixelAt, revealBox, scaleBar, type View, zoomView } from './view.js';
import { CellTools, ChannelTools } from './viewer-tools.js';
import type { Words } from './words/index.js';

interface ViewerProps {
  readonly field: FieldOfView;
  readonly ranges: Ranges;
  /** Null until the cells are outlined. */
  readonly segmentation: Segmentation | null;
  /** Cells that are not filtered out. */
  readonly cells: readonly CellPrediction[];
  readonly chosen: number | null;
  readonly look: Look;
  readonly words: Words;
  onChoose(cell: number | null): void;
  onLook(look: Look): void;
}

const STEP = 1.3;
const PAN_STEP_PX = 60;

/** The field's picture, to be zoomed and moved, its cells outlined; a click chooses a cell. */
export function Viewer(props: ViewerProps) {
  const { field, ranges, segmentation, cells, chosen, look, words, onChoose, onLook } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<View | null>(null);
  const [size, setSize] = useState({ width: 800, height: 600 });
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null);

  const picture = useMemo(() => {
    const drawn = new OffscreenCanvas(field.width, field.height);
    drawn.getContext('2d')?.putImageData(composeField(field, ranges, look.display), 0, 0);
    return drawn;
  }, [field, ranges, look.display]);
  const [cellPaths, nucleusPaths] = useMemo(
    () =>
      segmentation === null
        ? [new Map<number, Path2D>(), new Map<number, Path2D>()]
        : [outlinePaths(segmentation.cells), outlinePaths(segmentation.nuclei)],
    [segmentation],
  );
  const scene = useMemo(
    () => ({ picture, cellPaths, nucleusPaths, cells, chosen, look }),
    [picture, cellPaths, nucleusPaths, cells, chosen, look],
  );
  const backing = useRef<Backing | null>(null);
  const fitted = fitView(field, size);
  const current = view ?? fitted;

  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width } = entry.contentRect;
      setSize({ width: Math.round(width), height: Math.round(Math.min(width, 0.75 * window.innerHeight)) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Asked for before the browser paints, or every second frame would pass by; never called off, or a stream of changes would draw nothing.
  const frame = useRef<number | null>(null);
  const latest = useRef(draw);
  latest.current = draw;
  useLayoutEffect(() => {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = null;
      latest.current();
    });
  }, [scene, size, view]);
  useEffect(() => () => cancelAnimationFrame(frame.current ?? 0), []);

  // A cell chosen in the table, or by a key, may lie outside of what is shown.
  useEffect(() => {
    const box = cells.find(({ cell }) => cell === chosen)?.box;
    if (box !== undefined) setView((now) => now && revealBox(now, box, size));
  }, [chosen]);

  function draw(): void {
    // Opaque: nothing is blended with what lies below.
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (!context) return;
    const held = backingFor(backing.current, scene, current, size, drawScene);
    backing.current = held;
    const at = offsetOn(held, current, size);
    if (at !== null) context.drawImage(held.canvas, -at.x, -at.y);
  }

  function drawScene(context: OffscreenCanvasRenderingContext2D, { scale, x, y }: View): void {
    const { width, height } = context.canvas;
    // Not black: it tells the field's dark border from what lies beside the field.
    context.fillStyle = '#39424e';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = scale < 1;
    context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
    context.drawImage(picture, 0, 0);
    const inside = cells.filter(
      ({ box }) =>
        box.x < x + width / scale &&
        box.y < y + height / scale &&
        box.x + box.width > x &&
        box.y + box.height > y,
    );
    drawOverlay(context, { cells: inside, cellPaths, nucleusPaths, chosen }, look, 1 / scale);
  }

  const zoom = (factor: number, at = { x: size.width / 2, y: size.height / 2 }) =>
    setView((now) => zoomView(now ?? fitted, factor, at, fitted));
  const pan = (byX: number, byY: number) => setView((now) => panView(now ?? fitted, byX, byY));
  const cellAt = (at: { x: number; y: number }) => segmentation?.cells.data[at.y * field.width + at.x] ?? 0;

  const gestures = usePointerGestures({
    onPan: pan,
    onZoom: zoom,
    onHover: (at) => setPointer(at && pixelAt(current, at, field)),
    onClick(at) {
      const pixel = pixelAt(current, at, field);
      if (pixel !== null) onChoose(cellAt(pixel) || null);
    },
  });

  function step(by: 1 | -1): void {
    if (cells.length === 0) return;
    const at = cells.findIndex(({ cell }) => cell === chosen);
    const next = at < 0 ? (by > 0 ? 0 : cells.length - 1) : (at + by + cells.length) % cells.length;
    onChoose(cells[next].cell);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => pan(PAN_STEP_PX, 0),
      ArrowRight: () => pan(-PAN_STEP_PX, 0),
      ArrowUp: () => pan(0, PAN_STEP_PX),
      ArrowDown: () => pan(0, -PAN_STEP_PX),
      '+': () => zoom(STEP),
      '=': () => zoom(STEP),
      '-': () => zoom(1 / STEP),
      '0': () => setView(null),
      n: () => step(1),
      p: () => step(-1),
      Escape: () => onChoose(null),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  // The same nodes as long as they stay so: panning must not compare all of them at every frame.
  const channelTools = useMemo(
    () => <ChannelTools {...{ field, look, words, onLook }} />,
    [field, look, words, onLook],
  );
  const cellTools = useMemo(() => <CellTools {...{ look, words, onLook }} />, [look, words, onLook]);

  const bar = scaleBar(field.pixelSizeUm, current.scale);
  return (
    <section class="viewer" aria-label={words.viewer}>
      {channelTools}
      <div class="row">
        {cellTools}
        <span class="buttons">
          <button type="button" onClick={() => zoom(STEP)} aria-label={words.zoomIn}>
            +
          </button>
          <button type="button" onClick={() => zoom(1 / STEP)} aria-label={words.zoomOut}>
            −
          </button>
          <button type="button" onClick={() => setView(null)}>
            {words.fit}
          </button>
        </span>
      </div>
      <div class="canvas">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the keys move the picture; this role lets screen readers pass them on */}
        <canvas
          ref={canvas}
          width={size.width}
          height={size.height}
          tabIndex={0}
          role="application"
          aria-label={`${field.id}. ${words.viewerHelp}`}
          onKeyDown={onKey}
          onWheel={(event) => {
            event.preventDefault();
            const box = event.currentTarget.getBoundingClientRect();
            zoom(event.deltaY < 0 ? STEP : 1 / STEP, {
              x: event.clientX - box.left,
              y: event.clientY - box.top,
            });
          }}
          {...gestures}
        />
        <div class="scale-bar" style={{ width: `${bar.widthPx}px` }}>
          {bar.um} µm
        </div>
      </div>
      {look.colour !== 'none' && (
        <ul class="legend">
          {legendOf(cells, look.colour, words).map(({ colour, text }) => (
            <li key={text}>
              <span class="swatch" style={{ background: colour }} />
              {text}
            </li>
          ))}
        </ul>
      )}
      <p class="readout">
        {pointer === null ? words.viewerHelp : describePixel(field, pointer, cellAt(pointer), words)}
      </p>
    </section>
  );
}

/** Position, raw values and cell of a pixel. */
function describePixel(
  { channels, width }: FieldOfView,
  { x, y }: { x: number; y: number },
  cell: number,
  words: Words,
): string {
  const values = CHANNELS.flatMap((channel) => {
    const plane = channels[channel];
    return plane === null ? [] : [`${words.channels[channel]} ${plane.data[y * width + x]}`];
  });
  return [`x ${x}, y ${y}`, ...values, ...(cell > 0 ? [words.cell(cell)] : [])].join(' · ');
}
