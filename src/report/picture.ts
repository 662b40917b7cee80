import { escapeHtml } from './page.js';

/** A picture file's bytes as base64. */
export type PictureFile = { readonly pngBase64: string } | { readonly jpegBase64: string };

export interface PictureText {
  /** What the picture shows, for those who cannot see it. */
  readonly alt: string;
  /** Line under the picture. */
  readonly caption?: string;
  /** Width on the page in CSS px. @default the picture's own */
  readonly width?: number;
}

export type PictureOptions = PictureFile & PictureText;

/** A picture inside the page. */
export function picture({ alt, caption, width, ...file }: PictureOptions): string {
  const source =
    'pngBase64' in file
      ? `data:image/png;base64,${file.pngBase64}`
      : `data:image/jpeg;base64,${file.jpegBase64}`;
  const size = width === undefined ? '' : ` width="${width}"`;
  const line = caption === undefined ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  return `<figure class="picture"><img src="${source}" alt="${escapeHtml(alt)}"${size}>${line}</figure>`;
}
