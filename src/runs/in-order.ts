/**
 * The outcomes of the jobs in their order.
 * @param ahead jobs under way at a time, the one that is waited for included
 */
export async function* inOrder<T, R>(
  jobs: readonly T[],
  ahead: number,
  start: (job: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  for (let i = 0; i < jobs.length; i++) {
    while (next < jobs.length && next - i < ahead) running.push(start(jobs[next++]));
    yield await running[i];
    delete running[i];
  }
}
