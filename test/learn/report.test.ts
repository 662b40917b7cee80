import { expect, test } from 'vitest';
import type { EpochRecord } from '../../src/learn/index.js';
import { historyCsv, trainingReport } from '../../src/learn/report/index.js';
import { MODEL } from './example.js';

const HISTORY: EpochRecord[] = [
  { epoch: 1, figures: { loss: 0.5, lr: 0.001 } },
  { epoch: 2, figures: { loss: 0.25, lr: 0.001, val_loss: 0.4 } },
];

test('the history is a table with a column for each figure', () => {
  expect(historyCsv(HISTORY)).toBe('epoch,loss,lr,val_loss\n1,0.5,0.001,\n2,0.25,0.001,0.4\n');
});

test('the page shows curves, epochs and layers, and loads nothing', () => {
  const page = trainingReport({
    title: 'A <b> & "c"',
    model: MODEL,
    history: HISTORY,
    bestEpoch: 2,
    facts: { seed: '7' },
  });
  expect(page).toContain('<title>A &#60;b&#62; &#38; &#34;c&#34;</title>');
  expect(page.match(/<figcaption>(loss|lr)</g)).toHaveLength(2);
  expect(page.match(/aria-label="line"/g)).toHaveLength(2);
  expect(page).toContain('<tr class="marked"><td class="number">2</td><td class="number">0.2500</td>');
  expect(page).toContain('<td>conv1</td><td>conv2d</td><td class="number">36</td>');
  expect(page).not.toMatch(/(src|href)=|https?:/);
});
