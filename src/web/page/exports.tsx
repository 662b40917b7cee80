import { useState } from 'preact/hooks';
import type { FieldOfView, Segmentation } from '../../imaging/index.js';
import type { CellPrediction } from '../../predict/index.js';
import type { Ranges } from './compose.js';
import { DOWNLOADS, documentOf, saveBlob, trainingTables } from './downloads.js';
import { type FieldResult, type PageField, type Problem, problemOf } from './field.js';
import { figureOf } from './figure.js';
import type { Look } from './scene.js';
import { tell, type Words } from './words/index.js';

interface ExportsProps {
  readonly shown: PageField;
  readonly field: FieldOfView;
  readonly ranges: Ranges;
  readonly result: FieldResult;
  readonly segmentation: Segmentation;
  /** Those that the viewer shows. */
  readonly cells: readonly CellPrediction[];
  readonly look: Look;
  readonly words: Words;
}

/** The result as files. */
export function Exports({ shown, field, ranges, result, segmentation, cells, look, words }: ExportsProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const { name } = shown.chosen;
  const { corrections } = shown;
  const save = async (file: string, make: () => Blob | Promise<Blob>) => {
    try {
      saveBlob(await make(), `${name}_${file}`);
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <section aria-labelledby="exports">
      <h3 id="exports">{words.exports}</h3>
      <p class="row">
        {DOWNLOADS.map((file) => (
          <button
            type="button"
            key={file}
            onClick={() => void save(file, () => documentOf(name, result.cells, segmentation, file))}
          >
            {file}
          </button>
        ))}
        <button
          type="button"
          onClick={() =>
            void save('figure.png', () => figureOf(field, ranges, segmentation, cells, look, words))
          }
        >
          {words.figure}
        </button>
        {Object.keys(corrections).length > 0 && (
          <button
            type="button"
            onClick={() => {
              for (const [file, blob] of Object.entries(trainingTables(name, result.cells, corrections))) {
                void save(file, () => blob);
              }
            }}
          >
            {words.corrections}
          </button>
        )}
      </p>
      {problem !== null && <p role="alert">{tell(words.problems, problem)}</p>}
    </section>
  );
}
