import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CHANNELS, type Channel, type FieldOfView } from '../../imaging/index.js';
import { rankLocations } from '../../predict/index.js';
import { locationColour, scoreColour } from './colours.js';
import { composeField, DEFAULT_DISPLAY, type Display, measureRanges } from './compose.js';
import type { FieldResult } from './field.js';
import { outlinePaths } from './outlines.js';
import type { Words } from './words.js';

/** Field coordinates of the canvas's corner, and canvas pixels a field pixel. */
interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** `none`, `location`, or a class id: by that score. */
export type CellColour = 'none' | 'location' | number;

interface ViewerProps {
  readonly field: FieldOfView;
  readonly result: FieldResult | null;
  readonly chosen: number | null;
  /** Cells that are not filtered out. */
  readonly shownCells: ReadonlySet<number>;
  readonly words: Words;
  onChoose(cell: number | null): void;
}

const MOST_SCALE = 64;
const STEP = 1.3;
const SCALE_BAR_PX = 140;

export function Viewer({ field, result, chosen, shownCells, words, onChoose }: ViewerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [display, setDisplay] = useState<Display>(DEFAULT_DISPLAY);
  const [outlines, setOutlines] = useState({ cells: true, nuclei: false });
  const [colour, setColour] = useState<CellColour>('none');
  const [view, setView] = useState<View | null>(null);
  const [size, setSize] = useState({ width: 800, height: 600 });
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);

  const ranges = useMemo(() => measureRanges(field), [field]);
  const picture = useMemo(() => {
    const drawn = new OffscreenCanvas(field.width, field.height);
    drawn.getContext('2d')?.putImageData(composeField(field, ranges, display), 0, 0);
    return drawn;
  }, [field, ranges, display]);
  const paths = useMemo(
    () => ({
      cells: result === null ? new Map<number, Path2D>() : outlinePaths(result.segmentation.cells),
      nuclei: result === null ? new Map<number, Path2D>() : outlinePaths(result.segmentation.nuclei),
    }),
    [result],
  );

  const fitted = (): View => {
    const scale = Math.min(size.width / field.width, size.height / field.height);
    return { scale, x: (field.width - size.width / scale) / 2, y: (field.height - size.height / scale) / 2 };
  };
  const current = view ?? fitted();

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
  useEffect(() => setView(null), [field]);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const frame = requestAnimationFrame(() => draw(context));
    return () => cancelAnimationFrame(frame);
  });

  function draw(context: CanvasRenderingContext2D): void {
    const { scale, x, y } = current;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, size.width, size.height);
    context.imageSmoothingEnabled = scale < 1;
    context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
    context.drawImage(picture, 0, 0);
    if (result === null) return;
    if (colour !== 'none') {
      context.globalAlpha = 0.45;
      for (const { cell, scores } of result.cells) {
        const path = paths.cells.get(cell);
        if (path === undefined || scores === null || !shownCells.has(cell)) continue;
        context.fillStyle =
          colour === 'location'
            ? locationColour(rankLocations(scores)[0].location)
            : scoreColour(scores[colour]);
        context.fill(path, 'evenodd');
      }
      context.globalAlpha = 1;
    }
    if (outlines.nuclei) stroke(context, paths.nuclei, '#22d3ee', 1 / scale);
    if (outlines.cells) stroke(context, paths.cells, '#fff', 1.5 / scale);
    const own = chosen === null ? undefined : paths.cells.get(chosen);
    if (own !== undefined) {
      context.strokeStyle = '#ffd400';
      context.lineWidth = 3 / scale;
      context.stroke(own);
    }
  }

  function stroke(
    context: CanvasRenderingContext2D,
    all: ReadonlyMap<number, Path2D>,
    style: string,
    width: number,
  ): void {
    context.strokeStyle = style;
    context.lineWidth = width;
    for (const [cell, path] of all) if (shownCells.has(cell)) context.stroke(path);
  }

  /** Zooms about a point of the canvas. */
  function zoom(factor: number, atX = size.width / 2, atY = size.height / 2): void {
    const scale = Math.min(MOST_SCALE, Math.max(fitted().scale / 2, current.scale * factor));
    setView({
      scale,
      x: current.x + atX / current.scale - atX / scale,
      y: current.y + atY / current.scale - atY / scale,
    });
  }

  function pan(byX: number, byY: number): void {
    setView({ ...current, x: current.x - byX / current.scale, y: current.y - byY / current.scale });
  }

  function pixelAt(event: MouseEvent): { x: number; y: number } | null {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return null;
    const x = Math.floor(current.x + (event.clientX - box.left) / current.scale);
    const y = Math.floor(current.y + (event.clientY - box.top) / current.scale);
    return x >= 0 && y >= 0 && x < field.width && y < field.height ? { x, y } : null;
  }

  function cellAt(at: { x: number; y: number }): number {
    return result?.segmentation.cells.data[at.y * field.width + at.x] ?? 0;
  }

  function onKey(event: KeyboardEvent): void {
    const step = 60;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => pan(step, 0),
      ArrowRight: () => pan(-step, 0),
      ArrowUp: () => pan(0, step),
      ArrowDown: () => pan(0, -step),
      '+': () => zoom(STEP),
      '=': () => zoom(STEP),
      '-': () => zoom(1 / STEP),
      '0': () => setView(null),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  function change(channel: Channel, part: Partial<Display[Channel]>): void {
    setDisplay({ ...display, [channel]: { ...display[channel], ...part } });
  }

  const bar = scaleBar(field.pixelSizeUm, current.scale);
  return (
    <section class="viewer" aria-label={words.viewer}>
      <div class="tools">
        {CHANNELS.filter((channel) => field.channels[channel] !== null).map((channel) => (
          <fieldset key={channel} class={`channel ${channel}`}>
            <legend>
              <label>
                <input
                  type="checkbox"
                  checked={display[channel].shown}
                  onChange={(event) => change(channel, { shown: event.currentTarget.checked })}
                />
                {words.channels[channel]}
              </label>
            </legend>
            <Slider
              label={words.brightness}
              name={`${words.brightness}, ${words.channels[channel]}`}
              range={[0.2, 5]}
              value={display[channel].brightness}
              onInput={(brightness) => change(channel, { brightness })}
            />
            <Slider
              label={words.gamma}
              name={`${words.gamma}, ${words.channels[channel]}`}
              range={[0.2, 2]}
              value={display[channel].gamma}
              onInput={(gamma) => change(channel, { gamma })}
            />
          </fieldset>
        ))}
      </div>
      <div class="row">
        <label>
          <input
            type="checkbox"
            checked={outlines.cells}
            onChange={(event) => setOutlines({ ...outlines, cells: event.currentTarget.checked })}
          />
          {words.outlines}
        </label>
        <label>
          <input
            type="checkbox"
            checked={outlines.nuclei}
            onChange={(event) => setOutlines({ ...outlines, nuclei: event.currentTarget.checked })}
          />
          {words.nucleusOutlines}
        </label>
        <label>
          {words.colourBy}{' '}
          <select
            value={`${colour}`}
            onChange={({ currentTarget: { value } }) =>
              setColour(value === 'none' || value === 'location' ? value : Number(value))
            }
          >
            <option value="none">{words.colourNone}</option>
            <option value="location">{words.colourLocation}</option>
            {words.locations.map((name, location) => (
              <option key={name} value={location}>
                {name}
              </option>
            ))}
          </select>
        </label>
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
        <canvas
          ref={canvas}
          width={size.width}
          height={size.height}
          tabIndex={0}
          role="img"
          aria-label={`${field.id}. ${words.viewerHelp}`}
          onKeyDown={onKey}
          onWheel={(event) => {
            event.preventDefault();
            const box = event.currentTarget.getBoundingClientRect();
            zoom(event.deltaY < 0 ? STEP : 1 / STEP, event.clientX - box.left, event.clientY - box.top);
          }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.clientX, y: event.clientY, moved: false };
          }}
          onPointerMove={(event) => {
            setPointer(pixelAt(event));
            const start = drag.current;
            if (start === null) return;
            const [byX, byY] = [event.clientX - start.x, event.clientY - start.y];
            if (!start.moved && Math.hypot(byX, byY) < 4) return;
            drag.current = { x: event.clientX, y: event.clientY, moved: true };
            pan(byX, byY);
          }}
          onPointerUp={(event) => {
            const clicked = drag.current !== null && !drag.current.moved;
            drag.current = null;
            const at = pixelAt(event);
            if (clicked && at !== null) onChoose(cellAt(at) || null);
          }}
          onPointerLeave={() => setPointer(null)}
        />
        <div class="scale-bar" style={{ width: `${bar.widthPx}px` }}>
          {bar.um} µm
        </div>
      </div>
      <p class="readout" aria-live="off">
        {pointer === null
          ? words.viewerHelp
          : `${words.pointer}: x ${pointer.x}, y ${pointer.y} · ${CHANNELS.flatMap((channel) => {
              const plane = field.channels[channel];
              return plane === null
                ? []
                : [`${words.channels[channel]} ${plane.data[pointer.y * field.width + pointer.x]}`];
            }).join(' · ')}${cellAt(pointer) > 0 ? ` · ${words.cell(cellAt(pointer))}` : ''}`}
      </p>
    </section>
  );
}

interface SliderProps {
  readonly label: string;
  /** For screen readers. */
  readonly name: string;
  readonly range: readonly [number, number];
  readonly value: number;
  onInput(value: number): void;
}

function Slider({ label, name, range: [min, max], value, onInput }: SliderProps) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        aria-label={name}
        min={min}
        max={max}
        step={0.05}
        value={value}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** A round length that is not longer than the bar may be. */
export function scaleBar(pixelSizeUm: number, scale: number): { um: number; widthPx: number } {
  const most = (SCALE_BAR_PX / scale) * pixelSizeUm;
  const power = 10 ** Math.floor(Math.log10(most));
  const um = [5, 2, 1].map((part) => part * power).find((length) => length <= most) ?? power;
  return { um: Number(um.toPrecision(1)), widthPx: (um / pixelSizeUm) * scale };
}
