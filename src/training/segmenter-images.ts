import { join } from 'node:path';
import { CytolocusError, createRandom, InputError } from '../common/index.js';
import { readTruthSegmentation } from '../dataset/index.js';
import {
  type FieldOfView,
  type LabelImage,
  type Plane,
  resizeArea,
  resizeLabels,
  scaledSize,
} from '../imaging/index.js';
import {
  findFields,
  listFiles,
  type PixelSizes,
  readChannelPlane,
  readField,
  readLabelPng,
} from '../io/index.js';
import { normalisePlane, SEGMENTER_NORMALISATION, type SegmenterDescription } from '../networks/index.js';
import { drawTargets, type SegmenterTargets } from './segmenter-targets.js';

/** An image with its outlines, at the network's scale. */
export interface SegmenterImage {
  /** The image's id within its folder. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** One plane a channel, 255 stands for the normalisation's greatest value. */
  readonly planes: readonly Uint8Array[];
  readonly targets: SegmenterTargets;
}

export interface GatherImagesOptions {
  /**
   * Folders, each either of pictures with label images (`images/ID.png`, `labels/ID.png`; one grey channel, taken as they
   * are, whatever their scale), or of fields of view with `truth/ID/cells.png` and `truth/ID/nuclei.png`.
   */
  readonly folders: readonly string[];
  readonly pixelSizes: PixelSizes;
  readonly onImage?: (done: number, total: number) => void;
}

/** What was found in the folders; everything left out is listed. */
export interface GatheredImages {
  readonly images: readonly SegmenterImage[];
  /** Images that could not be read. */
  readonly problems: readonly CytolocusError[];
}

type Reader = () => Promise<SegmenterImage>;

/**
 * Reads images with outlines, in the order of the folders and of the ids.
 * @throws InputError `no-training-images` when nothing is left
 */
export async function gatherImages(
  network: SegmenterDescription,
  options: GatherImagesOptions,
): Promise<GatheredImages> {
  const problems: CytolocusError[] = [];
  const readers: Reader[] = [];
  for (const folder of options.folders) {
    const pictures = await listFiles(join(folder, 'images'));
    if (pictures.length > 0) readers.push(...pictureReaders(network, folder, pictures));
    else {
      const found = await findFields([folder]);
      problems.push(...found.problems);
      for (const source of found.sources) {
        readers.push(async () => {
          const field = await readField(source, options.pixelSizes);
          const truth = await readTruthSegmentation(join(folder, 'truth'), source.id);
          return fromField(network, field, truth[network.target]);
        });
      }
    }
  }
  const images: SegmenterImage[] = [];
  for (let i = 0; i < readers.length; i++) {
    try {
      images.push(await readers[i]());
    } catch (error) {
      if (!(error instanceof CytolocusError)) throw error;
      problems.push(error);
    }
    options.onImage?.(i + 1, readers.length);
  }
  if (images.length > 0) return { images, problems };
  throw new InputError(
    'no-training-images',
    `${options.folders.join(', ')}: no image with outlines; expected images/ID.png with labels/ID.png, ` +
      `or fields of view with truth/ID/cells.png and truth/ID/nuclei.png; ${problems.length} problem(s)${problems.length > 0 ? `, the first: ${problems[0].message}` : ''}`,
  );
}

function pictureReaders(
  network: SegmenterDescription,
  folder: string,
  pictures: readonly string[],
): Reader[] {
  return pictures.map((name) => async () => {
    if (network.channels.length > 1) {
      throw new InputError(
        'channels-missing',
        `${folder}: pictures of one channel cannot train ${network.name}, which needs ${network.channels.join(', ')}`,
      );
    }
    const plane = await readChannelPlane(join(folder, 'images', name), network.channels[0]);
    const labels = await readLabelPng(join(folder, 'labels', name));
    const id = name.replace(/\.[^.]+$/, '');
    expectSameSize(id, plane, labels);
    return toImage(network, id, [plane], labels);
  });
}

function fromField(network: SegmenterDescription, field: FieldOfView, labels: LabelImage): SegmenterImage {
  expectSameSize(field.id, field, labels);
  const scale = field.pixelSizeUm / network.pixelSizeUm;
  const { width, height } = scaledSize(field, scale);
  const planes = network.channels.map((channel) => field.channels[channel]);
  return toImage(network, field.id, planes, resizeLabels(labels, width, height));
}

type Size = Pick<LabelImage, 'width' | 'height'>;

function expectSameSize(id: string, image: Size, labels: Size): void {
  if (image.width === labels.width && image.height === labels.height) return;
  throw new InputError(
    'sizes-differ',
    `${id}: the image is ${image.width}x${image.height} but its label image ${labels.width}x${labels.height}`,
  );
}

function toImage(
  network: SegmenterDescription,
  id: string,
  planes: readonly (Plane | null)[],
  labels: LabelImage,
): SegmenterImage {
  const { width, height } = labels;
  return {
    id,
    width,
    height,
    planes: planes.map((plane) => planeBytes(plane, labels)),
    targets: drawTargets(labels, network.target),
  };
}

/** A plane at another size, normalised; 255 stands for the normalisation's greatest value, a missing plane is dark. */
export function planeBytes(plane: Plane | null, { width, height }: Size): Uint8Array {
  if (plane === null) return new Uint8Array(width * height);
  const scaled = normalisePlane(resizeArea(plane, width, height), SEGMENTER_NORMALISATION);
  return toBytes(scaled.data, 255 / SEGMENTER_NORMALISATION.most);
}

/** A plain loop, where `Uint8Array.from` is ten times slower. */
function toBytes(values: Float32Array, scale: number): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(scale * values[i]);
  return bytes;
}

/** Splits off the validation's images: those listed, or else a share of them drawn by the seed. */
export function splitValidation<T extends { readonly id: string }>(
  images: readonly T[],
  listed: ReadonlySet<string> | null,
  share: number,
  seed: number,
): { training: T[]; validation: T[] } {
  const random = createRandom(seed);
  const held = images.map(({ id }) => (listed === null ? random.uniform() < share : listed.has(id)));
  return {
    training: images.filter((_, i) => !held[i]),
    validation: images.filter((_, i) => held[i]),
  };
}
