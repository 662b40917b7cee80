export interface PageOptions {
  readonly title: string;
  /** Language of the page's text, as HTML names it. @default 'en' */
  readonly language?: string;
  /** Parts of the page as HTML, in their order: sections, tables, charts, pictures. */
  readonly parts: readonly string[];
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .15rem .8rem .15rem 0; text-align: left; border-bottom: 1px solid #ddd; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.marked td { font-weight: 600; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.bar { background: linear-gradient(#9cc5e3, #9cc5e3) no-repeat left / var(--share) 100%; }
figure { margin: 0; }
figcaption { font-weight: 600; }
img { image-rendering: pixelated; }
.picture { width: min-content; }
.picture figcaption { overflow-wrap: anywhere; font-weight: normal; font-size: 12px; }
`;

/** A whole HTML page that loads nothing from elsewhere. */
export function page({ title, language = 'en', parts }: PageOptions): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${parts.join('\n')}
</body>
</html>
`;
}

/** A heading, its text (plain, escaped here) and parts; `row` sets charts and pictures side by side. */
export function section(
  heading: string,
  parts: readonly string[],
  options: { text?: string; row?: boolean } = {},
): string {
  const text = options.text === undefined ? '' : `<p>${escapeHtml(options.text)}</p>\n`;
  const content = options.row ? `<div class="row">\n${parts.join('\n')}\n</div>` : parts.join('\n');
  return `<section>\n<h2>${escapeHtml(heading)}</h2>\n${text}${content}\n</section>`;
}

/** Text as it must stand between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
