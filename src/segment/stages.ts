/** Is told how long a stage of the work took; a name may come several times. */
export type StageListener = (name: string, seconds: number) => void;

/** Runs one stage and tells how long it took. */
export function timeStage<T>(onStage: StageListener | undefined, name: string, work: () => T): T {
  if (onStage === undefined) return work();
  const start = performance.now();
  const result = work();
  onStage(name, (performance.now() - start) / 1000);
  return result;
}
