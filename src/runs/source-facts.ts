import { type FieldSource, type FileStamp, type PixelSizes, stampFile } from '../io/index.js';

/**
 * What tells, without reading its images, that a field is still the same: its files' sizes and times, and its pixel size.
 * @throws InputError `file-missing`, `file-unreadable`
 */
export async function sourceFacts(source: FieldSource, pixelSizes: PixelSizes) {
  const { files } = source;
  const paths = files.kind === 'composite' ? [files.path] : Object.values(files.paths);
  return {
    files: await Promise.all(
      paths.map(async (path): Promise<[string, FileStamp]> => [path, await stampFile(path)]),
    ),
    pixelSize: pixelSizeFact(pixelSizes, source.id),
  };
}

function pixelSizeFact(sizes: PixelSizes, field: string): number | string | null {
  if (sizes.kind === 'given') return sizes.pixelSizeUm;
  return sizes.kind === 'table' ? (sizes.byField.get(field) ?? null) : sizes.kind;
}
