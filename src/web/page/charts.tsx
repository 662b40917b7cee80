import { rankLocations, summarizeScores } from '../../predict/index.js';
import { locationColour } from './colours.js';
import type { PageField } from './field.js';
import type { Words } from './words/index.js';

/** Mean score of each location over the field's cells, and every cell's: how much they differ. */
export function FieldCharts({ field, words }: { field: PageField; words: Words }) {
  const { mean, deviation } = summarizeScores(scoresOf(field));
  return (
    <details open class="charts">
      <summary>{words.charts}</summary>
      <p>{words.meanScores}</p>
      <ul class="bars wide">
        {rankLocations(mean).map(({ location, score }) => (
          <li key={location}>
            <span class="bar-name">{words.locations[location]}</span>
            <span class="bar">
              <span style={{ width: `${100 * score}%`, background: locationColour(location) }} />
              {field.result?.cells.map(({ cell, scores: own }) => (
                <i key={cell} style={{ left: `${100 * (own?.[location] ?? 0)}%` }} />
              ))}
            </span>
            <span class="bar-value">
              {words.percent(score)} ± {(100 * deviation[location]).toFixed(1)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Mean scores of several fields beside each other, the locations that any of them shows first. */
export function Comparison({ fields, words }: { fields: readonly PageField[]; words: Words }) {
  const means = fields.map((field) => summarizeScores(scoresOf(field)).mean);
  const order = words.locations
    .map((_, location) => ({ location, most: Math.max(...means.map((mean) => mean[location])) }))
    .sort((a, b) => b.most - a.most);
  return (
    <section aria-labelledby="compare">
      <h2 id="compare">{words.compare}</h2>
      <p>{words.compareText}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="table" tabIndex={0} aria-label={words.compare}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.location}</th>
              {fields.map(({ key, chosen }) => (
                <th scope="col" key={key}>
                  {chosen.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map(({ location }) => (
              <tr key={location}>
                <th scope="row">{words.locations[location]}</th>
                {means.map((mean, i) => (
                  <td key={fields[i].key} class="number">
                    <span class="bar small">
                      <span
                        style={{ width: `${100 * mean[location]}%`, background: locationColour(location) }}
                      />
                    </span>{' '}
                    {words.percent(mean[location])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

export function scoresOf({ result }: PageField): Float32Array[] {
  return (result?.cells ?? []).flatMap(({ scores }) => scores ?? []);
}
