/** Where a command's words go: results to standard output, all else to standard error. */
export interface Output {
  /** A line of the result. */
  print(line: string): void;
  /** A line about the work: warnings, where files lie. */
  note(line: string): void;
  /** Whether a person is watching: progress may be redrawn in place. */
  readonly interactive: boolean;
}

export const terminalOutput: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  interactive: process.stderr.isTTY === true,
};

/** Rows under their heads, columns padded to their widest entry; numbers (`align` true) to the right. */
export function formatTable(
  heads: readonly string[],
  rows: readonly string[][],
  alignRight: boolean[],
): string[] {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const format = (row: readonly string[]) =>
    row
      .map((text, i) => (alignRight[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return [format(heads), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(format)];
}
