import {
  compareNaturally,
  type FieldSource,
  type FileStamp,
  type PixelSizes,
  stampFile,
} from '../io/index.js';

/**
 * What tells, without reading its images, that a field is still the same: its files' sizes and times, and its pixel size.
 * @throws InputError `file-missing`, `file-unreadable`
 */
export async function sourceFacts(source: FieldSource, pixelSizes: PixelSizes) {
  const { files, names } = source;
  const paths = files.kind === 'channels' ? files.paths : { [files.kind]: files.path };
  return {
    // Which file is which channel counts, the order in which they were found does not.
    files: await Promise.all(
      Object.entries(paths)
        .sort(([a], [b]) => compareNaturally(a, b))
        .map(
          async ([part, path]): Promise<[string, string, FileStamp]> => [part, path, await stampFile(path)],
        ),
    ),
    ...(files.kind === 'ome-tiff' && names !== undefined ? { names: [...names] } : {}),
    pixelSize: pixelSizeFact(pixelSizes, source.id),
  };
}

function pixelSizeFact(sizes: PixelSizes, field: string): number | string | null {
  if (sizes.kind === 'given') return sizes.pixelSizeUm;
  return sizes.kind === 'table' ? (sizes.byField.get(field) ?? null) : sizes.kind;
}
