/** One line of CSV with its line break; numbers as JavaScript writes them, in the shortest form that reads back the same. */
export function formatCsvRow(fields: readonly (string | number)[]): string {
  return `${fields.map((field) => quoteField(String(field))).join(',')}\n`;
}

function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
