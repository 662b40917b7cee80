import { expect, test } from 'vitest';
import { listWeights } from '../../src/learn/index.js';
import { buildMaskRcnn, detectorNetworkNamed } from '../../src/networks/index.js';

test("mask_rcnn_resnet50 has as many weights as torchvision's maskrcnn_resnet50_fpn, but for what is ours", () => {
  const { options } = detectorNetworkNamed('mask_rcnn_resnet50');
  const model = buildMaskRcnn({ ...options, classHead: 'softmax', classes: 19 }, 3, 128);
  const count = listWeights(model).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  // torchvision's documentation: 44,401,393 for 91 classes, without the four numbers a channel of its frozen normalisations.
  const normalisations = 4 * 26_560;
  // 20 classes in place of 91; one box and one mask for all of them.
  const heads = 1025 * (91 - 20) + 1025 * 4 * (91 - 1) + 257 * (91 - 1);
  expect(count).toBe(44_401_393 + normalisations - heads);
});
