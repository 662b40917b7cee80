/** Collects set spans in ascending order; spans that touch become one run. */
export class RunWriter {
  readonly #counts: number[] = [];
  #end = 0;

  set(from: number, to: number): void {
    if (from === this.#end && this.#counts.length > 0) this.#counts[this.#counts.length - 1] += to - from;
    else this.#counts.push(from - this.#end, to - from);
    this.#end = to;
  }

  finish(total: number): Uint32Array {
    if (this.#end < total || total === 0) this.#counts.push(total - this.#end);
    return Uint32Array.from(this.#counts);
  }
}
