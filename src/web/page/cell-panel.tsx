import { useEffect, useRef, useState } from 'preact/hooks';
import { cropPicture } from '../../crops/index.js';
import { type Box, CHANNELS, type FieldOfView, type Plane, type Segmentation } from '../../imaging/index.js';
import { type CellPrediction, type Correction, rankLocations } from '../../predict/index.js';
import { composeField, type Display, type Ranges } from './compose.js';
import { CorrectionForm } from './correction-form.js';
import { askEngine } from './engine.js';
import type { EngineAnswers } from './engine-worker.js';
import { type Problem, problemOf, type Saving } from './field.js';
import { loadEngine } from './private-mode.js';
import { tell, type Words } from './words/index.js';

interface CellPanelProps {
  readonly field: FieldOfView;
  readonly ranges: Ranges;
  readonly display: Display;
  readonly segmentation: Segmentation;
  readonly cell: CellPrediction;
  readonly correction: Correction | undefined;
  readonly saving: Saving;
  readonly words: Words;
  onCorrect(correction: Correction | undefined): void;
}

/** The chosen cell: picture, scores, why, and its correction. */
export function CellPanel(props: CellPanelProps) {
  const { field, ranges, display, segmentation, cell, words } = props;
  const scores = cell.scores ?? new Float32Array(words.locations.length);
  const ranked = rankLocations(scores);
  const [first, second] = ranked;
  return (
    <section class="cell-panel" aria-labelledby="cell-title">
      <h3 id="cell-title">{words.cell(cell.cell)}</h3>
      <CellPicture {...{ field, ranges, display, cell, words }} />
      <p class="verdict">
        <strong>{words.locations[first.location]}</strong>, {words.confidence} {words.percent(first.score)}
        <br />
        {words.runnerUp} {words.locations[second.location]}, {words.percent(second.score)}
      </p>
      <Why key={cell.cell} {...{ field, segmentation, cell, words }} location={first.location} />
      <h4>{words.scores}</h4>
      <ul class="bars">
        {ranked.map(({ location, score }) => (
          <li key={location}>
            <span class="bar-name">{words.locations[location]}</span>
            <span class="bar">
              <span style={{ width: `${100 * score}%` }} />
            </span>
            <span class="bar-value">{words.percent(score)}</span>
          </li>
        ))}
      </ul>
      <CorrectionForm key={`${cell.cell} correction`} {...props} scores={scores} />
    </section>
  );
}

/** The cell's box out of the field, shown as the field is. */
function CellPicture(props: Pick<CellPanelProps, 'field' | 'ranges' | 'display' | 'cell' | 'words'>) {
  const { field, ranges, display, cell, words } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = cell.box;
  useEffect(() => {
    const cut = cutField(field, cell.box);
    canvas.current?.getContext('2d')?.putImageData(composeField(cut, ranges, display), 0, 0);
  }, [field, ranges, display, cell]);
  return (
    <canvas class="crop" ref={canvas} width={width} height={height} role="img" aria-label={words.cellTitle} />
  );
}

function cutField(field: FieldOfView, box: Box): FieldOfView {
  const cut = (plane: Plane): Plane => {
    const data = plane.data.slice(0, box.width * box.height);
    for (let y = 0; y < box.height; y++) {
      const start = (box.y + y) * plane.width + box.x;
      data.set(plane.data.subarray(start, start + box.width), y * box.width);
    }
    return { width: box.width, height: box.height, bitDepth: plane.bitDepth, data };
  };
  const { microtubules, protein, nuclei, er } = field.channels;
  const channels = {
    microtubules: cut(microtubules),
    protein: cut(protein),
    nuclei: cut(nuclei),
    er: er && cut(er),
  };
  return { ...field, width: box.width, height: box.height, channels };
}

interface WhyProps {
  readonly field: FieldOfView;
  readonly segmentation: Segmentation;
  readonly cell: CellPrediction;
  readonly location: number;
  readonly words: Words;
}

/** Where in the cell the score comes from, worked out in this browser on request. */
function Why({ field, segmentation, cell, location, words }: WhyProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'idle' | 'working' | 'done' | Problem>('idle');
  async function explain() {
    setState('working');
    try {
      await loadEngine();
      const answer = await askEngine({ kind: 'explain', field, segmentation, cell: cell.cell, location });
      setState('done');
      const context = canvas.current?.getContext('2d');
      if (context) drawMap(context, answer);
    } catch (error) {
      setState(problemOf(error));
    }
  }
  return (
    <div class="why">
      {(state === 'idle' || typeof state === 'object') && (
        <button type="button" onClick={explain}>
          {words.why}
        </button>
      )}
      {state === 'working' && <p role="status">{words.whyWorking}</p>}
      {typeof state === 'object' && <p role="alert">{tell(words.problems, state)}</p>}
      <figure hidden={state !== 'done'}>
        <canvas class="crop" ref={canvas} width={256} height={256} role="img" aria-label={words.whyText} />
        <figcaption>{words.whyText}</figcaption>
      </figure>
    </div>
  );
}

function drawMap(
  context: CanvasRenderingContext2D,
  { sizePx, channels, crop, map, columns, rows }: EngineAnswers['explain'],
): void {
  const known = CHANNELS.filter((channel) => channels.includes(channel));
  const { data } = cropPicture(crop, known, sizePx);
  const picture = new OffscreenCanvas(sizePx, sizePx);
  const image = new ImageData(sizePx, sizePx);
  for (let i = 0; i < sizePx ** 2; i++) {
    for (let part = 0; part < 3; part++) image.data[4 * i + part] = data[3 * i + part];
    image.data[4 * i + 3] = 255;
  }
  picture.getContext('2d')?.putImageData(image, 0, 0);
  const { width, height } = context.canvas;
  context.drawImage(picture, 0, 0, width, height);
  const most = Math.max(1e-6, ...map);
  const [across, down] = [width / columns, height / rows];
  map.forEach((contribution, i) => {
    context.fillStyle = `rgb(255 255 255 / ${(0.65 * Math.max(0, contribution)) / most})`;
    context.fillRect((i % columns) * across, Math.floor(i / columns) * down, across, down);
  });
}
