/** Pages that need nothing else: HTML with tables, charts and pictures inside, the look that all reports share. Platform-neutral. */
export { escapeHtml, type PageOptions, page, section } from './page.js';
export { type PictureOptions, picture } from './picture.js';
export { type Cell, type TableOptions, table } from './table.js';
