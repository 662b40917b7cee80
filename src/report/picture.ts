import { escapeHtml } from './page.js';

export interface PictureOptions {
  /** PNG file's bytes as base64. */
  readonly pngBase64: string;
  /** What the picture shows, for those who cannot see it. */
  readonly alt: string;
  /** Line under the picture. */
  readonly caption?: string;
  /** Width on the page in CSS px. @default the picture's own */
  readonly width?: number;
}

/** A picture inside the page. */
export function picture({ pngBase64, alt, caption, width }: PictureOptions): string {
  const size = width === undefined ? '' : ` width="${width}"`;
  const line = caption === undefined ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  return `<figure class="picture"><img src="data:image/png;base64,${pngBase64}" alt="${escapeHtml(alt)}"${size}>${line}</figure>`;
}
