import { rankLocations, summarizeScores } from '../../predict/index.js';
import { percent } from './cell-panel.js';
import { locationColour } from './colours.js';
import type { PageField } from './field.js';
import type { Words } from './words.js';

/** Mean score of each location over the field's cells, and how much they differ. */
export function FieldCharts({ field, words }: { field: PageField; words: Words }) {
  const { mean, deviation } = summarizeScores(scoresOf(field));
  return (
    <details open class="charts">
      <summary>{words.charts}</summary>
      <p>{words.meanScores}</p>
      <ul class="bars">
        {rankLocations(mean).map(({ location, score }) => (
          <li key={location}>
            <span class="bar-name">{words.locations[location]}</span>
            <span class="bar">
              <span style={{ width: `${100 * score}%`, background: locationColour(location) }} />
              <i
                style={{
                  left: `${100 * Math.max(0, score - deviation[location])}%`,
                  width: `${100 * (Math.min(1, score + deviation[location]) - Math.max(0, score - deviation[location]))}%`,
                }}
              />
            </span>
            <span class="bar-value">
              {percent(score)} ± {(100 * deviation[location]).toFixed(0)}
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
                    {percent(mean[location])}
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
