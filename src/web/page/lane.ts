/** Runs tasks in the order they come, at most `width` at once. */
export function createLane(width: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place goes straight to the next one, so that a newcomer cannot slip in between.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
