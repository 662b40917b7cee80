import { expect, test } from 'vitest';
import { createLane } from '../../src/web/page/lane.js';

test('tasks run in their order, no more at once than the lane is wide; a failing one holds up nobody', async () => {
  const inLane = createLane(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const outcomes = await Promise.allSettled(
    [0, 1, 2, 3, 4].map((task) =>
      inLane(async () => {
        order.push(task);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        if (task === 1) throw new Error('bad');
        return task;
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  ]);
});
