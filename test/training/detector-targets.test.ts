import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { CLASSES_OUTPUT, detectorNetworkNamed } from '../../src/networks/index.js';
import { detectorBatch } from '../../src/training/detector-targets.js';

const network = detectorNetworkNamed('mask_rcnn_tiny');
const OUTPUTS = 20;
const patch = {
  planes: new Float32Array(64 * 64),
  instances: [{ x: 8, y: 8, width: 20, height: 20, mask: new Uint8Array(400).fill(1), locations: [3, 5] }],
};

test('a sigmoid head is asked of every region whether it is a cell, and of cells alone where the protein is', () => {
  const options = { ...network.options, classHead: 'sigmoid', classes: 19 } as const;
  const proposals = Float32Array.of(40, 40, 60, 60);
  const { targets, entryWeights } = detectorBatch(
    { network, options, channels: 1, patchPx: 64 },
    [patch],
    [proposals],
    createRandom(1),
  );
  const rows = (data: ArrayLike<number>) =>
    [0, 1, 2].map((row) => Array.from({ length: OUTPUTS }, (_, k) => data[row * OUTPUTS + k]));
  const [cell, background, unused] = rows(entryWeights?.[CLASSES_OUTPUT] as Float32Array);
  // The cell's own box is among the regions. Each question is a mean: over both regions, over the one cell.
  expect(cell).toEqual([0.5, ...new Array(19).fill(1)]);
  expect(background).toEqual([0.5, ...new Array(19).fill(0)]);
  expect(unused).toEqual(new Array(OUTPUTS).fill(0));
  const [yes, no] = rows(targets[CLASSES_OUTPUT] as Float32Array);
  expect(yes.flatMap((value, k) => (value === 1 ? [k] : []))).toEqual([0, 1 + 3, 1 + 5]);
  expect(no).toEqual(new Array(OUTPUTS).fill(0));
});
