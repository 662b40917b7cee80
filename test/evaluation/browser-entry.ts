/** What the browser test runs in a page: `TRUTH` of the scene against a submission file's text. */
import { encodeMask } from '../../src/masks/index.js';
import { createEvaluationTally, parsePredictionString } from '../../src/scoring/index.js';
import { rectangleMask } from '../scoring/rectangles.js';
import { SIZE, TRUTH } from './scene-cells.js';

Object.assign(globalThis, {
  scoreSubmission(text: string): number {
    const tally = createEvaluationTally();
    for (const line of text.trim().split('\n').slice(1)) {
      const [id, width, height, prediction] = line.split(',');
      const cells = TRUTH[id].map(([rectangle, locations], i) => ({
        name: `${i + 1}`,
        mask: encodeMask(rectangleMask(rectangle, SIZE), SIZE, SIZE),
        locations,
      }));
      const image = { id, width: Number(width), height: Number(height), cells };
      tally.add(image, parsePredictionString(prediction, image.width, image.height));
    }
    return tally.competition().mAP;
  },
});
