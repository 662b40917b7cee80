import { barX } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { chart } from '../../src/report/chart/index.js';
import { page, picture, section, table } from '../../src/report/index.js';

test('text is escaped wherever it stands', () => {
  const evil = '<script>"&';
  const html = page({
    title: evil,
    parts: [
      section(evil, [table([evil], [[evil]])], { text: evil }),
      picture({ pngBase64: '', alt: evil, caption: evil }),
      chart({ title: evil, marks: [barX([{ name: evil, value: 1 }], { x: 'value', y: 'name' })] }),
    ],
  });
  const { document } = parseHTML(html);
  expect(document.querySelectorAll('script')).toHaveLength(0);
  expect(document.querySelector('h1')?.textContent).toBe(evil);
  expect(document.querySelector('svg')?.getAttribute('aria-label')).toBe(evil);
});

test('a column with numbers is set flush right; what is missing or not finite is an empty cell', () => {
  expect(
    table(
      ['name', 'AP'],
      [
        ['a', 0.5],
        ['b', Number.NaN],
        ['c', undefined],
      ],
    ),
  ).toBe(
    '<table><thead><tr><th>name</th><th class="number">AP</th></tr></thead><tbody>\n' +
      '<tr><td>a</td><td class="number">0.5000</td></tr>\n' +
      '<tr><td>b</td><td class="number"></td></tr>\n' +
      '<tr><td>c</td><td class="number"></td></tr>\n</tbody></table>',
  );
});

test('a share beyond its bounds fills the cell, not more', () => {
  expect(table(['x'], [[{ text: '1.2', share: 1.2 }]])).toContain('--share:100.0%');
});

test('a chart is SVG that loads nothing', () => {
  const html = chart({ title: 'bars', marks: [barX([3, 1, 2])] });
  expect(html.match(/<rect/g)).toHaveLength(3);
  expect(html).not.toMatch(/(src|href)=|https?:/);
});
