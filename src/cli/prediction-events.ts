import type { FieldRecord, PredictionRun, PredictionRunEvents } from '../runs/index.js';
import type { Output } from './output.js';
import { createProgress, type Progress } from './progress.js';

/** Events of a prediction run as progress and messages; `stop` ends the progress bar, on success and on failure. */
export function tellPredictionRun(
  output: Output,
  what: string,
): { events: PredictionRunEvents; stop(): void } {
  let progress: Progress | null = null;
  const untold: string[] = [];
  return {
    events: {
      found(total) {
        if (total > 0) progress = createProgress(output, what, total);
      },
      done(record, kept) {
        const cells = `${record.cells.length} ${record.cells.length === 1 ? 'cell' : 'cells'}`;
        const time = kept ? 'done before' : `${record.seconds.toFixed(1)} s`;
        progress?.step(`${record.field}: ${cells}, ${time}`);
      },
      problem(problem, field) {
        const line = `error: ${problem.message}`;
        if (field === null || progress === null) output.note(line);
        else progress.step(line);
        // The next step overwrites a line beside the bar: it is said again at the end.
        if (field !== null && output.interactive) untold.push(line);
      },
    },
    stop() {
      progress?.stop();
      for (const line of untold.splice(0)) output.note(line);
    },
  };
}

/** Says what is doubtful about the results: a scale that was only assumed, channels that show too little. */
export function noteDoubts(output: Output, records: readonly FieldRecord[]): void {
  noteAssumedScale(output, records);
  const fields = new Map<string, string[]>();
  for (const { field, warnings } of records) {
    for (const { message } of warnings) fields.set(message, [...(fields.get(message) ?? []), field]);
  }
  for (const [warning, ids] of fields) {
    const named = ids.length === 1 ? `field ${ids[0]}` : `${ids.length} fields (the first: ${ids[0]})`;
    output.note(`warning: ${named}: ${warning}`);
  }
}

/** Areas, and how cells are found, depend on the scale. */
function noteAssumedScale(output: Output, records: readonly FieldRecord[]): void {
  const assumed = records.filter(({ pixelSizeSource }) => pixelSizeSource === 'assumed');
  if (assumed.length === 0) return;
  const sizes = [...new Set(assumed.map(({ pixelSizeUm }) => `${Number(pixelSizeUm.toPrecision(4))}`))];
  output.note(
    `warning: no pixel size given; ${assumed.length} ${assumed.length === 1 ? 'field' : 'fields'} taken at the ` +
      `atlas's scale (${sizes.join(' and ')} um a pixel). Say --pixel-size if yours differs.`,
  );
}

/** The last lines of a run's summary: how much was done, and where the results lie. */
export function describeOutcome(run: PredictionRun, out: string): string[] {
  const cells = run.records.reduce((sum, record) => sum + record.cells.length, 0);
  const failures = run.problems.length === 0 ? '' : `, ${run.problems.length} failed`;
  return [
    '',
    `${run.records.length} fields done${failures}: ${cells} cells`,
    ...run.files.map((file) => `wrote ${file}`),
    `label images and pictures: ${out}/<field>/`,
  ];
}
