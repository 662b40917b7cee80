import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { InputError } from '../common/index.js';
import { checkImageFile, checkOmeTiffFile, type ImageFacts } from '../io/index.js';
import { channelNamesOf, type JobOptions, jobOptionsSchema } from './job.js';
import type { ServerLimits } from './options.js';
import { HttpProblem } from './problem.js';
import { FIELD_ID } from './result.js';

/** The parts that hold images: a channel each, the three of a colour composite, or an OME-TIFF of them all. */
export const IMAGE_PARTS = ['red', 'green', 'blue', 'yellow', 'composite', 'image'] as const;
type ImagePart = (typeof IMAGE_PARTS)[number];
export const OPTION_PARTS = [
  'name',
  'segmenter',
  'edge',
  'pixelSizeUm',
  'threshold',
  'overlay',
  'channels',
] as const;
type OptionPart = (typeof OPTION_PARTS)[number];

/** An upload that lies in its folder, whole and checked. */
export interface Upload {
  readonly field: string;
  readonly options: JobOptions;
  readonly width: number;
  readonly height: number;
}

/**
 * Streams an upload's images into a folder, under names of ours, and checks all that can be told without decoding them.
 * @throws HttpProblem; InputError `image-*`, `channel-*`, `file-empty`, with the part's name for the file's
 */
export async function receiveUpload(
  request: FastifyRequest,
  folder: string,
  limits: ServerLimits,
): Promise<Upload> {
  if (!request.isMultipart()) {
    throw new HttpProblem(
      'not-multipart',
      `the request is of type ${request.headers['content-type'] ?? 'none'}; expected multipart/form-data with the parts red, green, blue, yellow, or image (an OME-TIFF)`,
    );
  }
  const ending = new AbortController();
  try {
    return await Promise.race([
      readUpload(request, folder, limits, ending.signal),
      timeoutOf(limits.uploadSeconds, ending.signal),
      disconnection(request, ending.signal),
    ]);
  } catch (error) {
    // What is still on its way is read and dropped, or the sender would never come to read the answer.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  } finally {
    ending.abort();
  }
}

function timeoutOf(seconds: number, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      reject(
        new HttpProblem(
          'upload-timeout',
          `the upload was not complete after ${seconds} s; send it faster, or in smaller files`,
          {
            connection: 'close',
          },
        ),
      );
    }, seconds * 1000);
    ended.addEventListener('abort', () => clearTimeout(timer));
  });
}

/** The multipart reader waits for ever where the sender goes away between two parts. */
function disconnection({ raw }: FastifyRequest, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const gone = () =>
      reject(new HttpProblem('malformed-upload', 'the sender ended the upload before it was complete'));
    raw.once('aborted', gone);
    ended.addEventListener('abort', () => raw.off('aborted', gone));
  });
}

async function readUpload(
  request: FastifyRequest,
  folder: string,
  limits: ServerLimits,
  signal: AbortSignal,
): Promise<Upload> {
  const files = new Map<ImagePart, string>();
  const texts = new Map<OptionPart, string>();
  const names: string[] = [];
  for await (const part of partsOf(request, limits)) {
    if (part.type === 'file') {
      const name = known(IMAGE_PARTS, part.fieldname, files);
      files.set(name, part.filename);
      await storeFile(part, join(folder, name), limits, signal);
      names.push(part.filename);
    } else {
      const name = known(OPTION_PARTS, part.fieldname, texts);
      texts.set(name, String(part.value));
    }
  }
  const options = parseOptions(texts);
  expectChannels([...files.keys()]);
  if (options.channels !== null && !files.has('image')) {
    throw new HttpProblem('bad-option', 'channels: names the channels of an OME-TIFF; send one as image');
  }
  const { width, height } = await checkImages(folder, [...files.keys()], options, limits);
  return { field: safeName(texts.get('name') ?? fieldOfFile(names[0] ?? '')), options, width, height };
}

/** The upload's parts; what the reader refuses, in our words. */
async function* partsOf(request: FastifyRequest, limits: ServerLimits): AsyncGenerator<Multipart> {
  const most = IMAGE_PARTS.length + OPTION_PARTS.length;
  const parts = request.parts({
    limits: {
      fileSize: limits.fileBytes,
      parts: most + 1,
      fieldSize: 1000,
      fieldNameSize: 100,
      headerPairs: 20,
    },
  });
  try {
    yield* parts;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'FST_PARTS_LIMIT') {
      throw new HttpProblem('too-many-parts', `the upload has more than ${most} parts`);
    }
    if (error instanceof Error && !(error instanceof HttpProblem) && !('syscall' in error)) {
      throw new HttpProblem('malformed-upload', `the upload cannot be read: ${error.message}`);
    }
    throw error;
  }
}

function known<Name extends string>(
  names: readonly Name[],
  given: string,
  found: ReadonlyMap<Name, string>,
): Name {
  const name = names.find((candidate) => candidate === given);
  if (name === undefined) {
    throw new HttpProblem(
      'unknown-part',
      `the upload has a part ${JSON.stringify(given.slice(0, 40))}; expected images in ${IMAGE_PARTS.join(', ')}, options in ${OPTION_PARTS.join(', ')}`,
    );
  }
  if (found.has(name))
    throw new HttpProblem('part-twice', `the upload has two parts ${name}; expected one field of view`);
  return name;
}

async function storeFile(
  part: MultipartFile,
  path: string,
  limits: ServerLimits,
  signal: AbortSignal,
): Promise<void> {
  await pipeline(part.file, createWriteStream(path, { flags: 'wx' }), { signal });
  if (!part.file.truncated) return;
  throw new HttpProblem(
    'file-too-large',
    `${part.fieldname}: more than ${limits.fileBytes} bytes; at most so many are taken for one file`,
  );
}

function parseOptions(texts: ReadonlyMap<OptionPart, string>): JobOptions {
  const value = (name: OptionPart) => texts.get(name)?.trim() || undefined;
  const number = (name: OptionPart) => (value(name) === undefined ? undefined : Number(value(name)));
  const overlay = value('overlay');
  const parsed = jobOptionsSchema.safeParse({
    segmenter: value('segmenter'),
    edge: value('edge'),
    pixelSizeUm: number('pixelSizeUm'),
    threshold: number('threshold'),
    channels: value('channels'),
    overlay:
      overlay === undefined ? undefined : overlay === 'true' ? true : overlay === 'false' ? false : overlay,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpProblem('bad-option', `${issue.path.join('.')}: ${issue.message}`);
}

function expectChannels(parts: readonly ImagePart[]): void {
  const whole = parts.find((part) => part === 'composite' || part === 'image');
  if (whole !== undefined) {
    if (parts.length === 1) return;
    const other = parts.find((part) => part !== whole && (part === 'composite' || part === 'image'));
    throw new HttpProblem(
      'part-twice',
      `the upload has ${whole} and ${other ?? 'single channels'}; expected one of the two`,
    );
  }
  const missing = (['red', 'green', 'blue'] as const).filter((name) => !parts.includes(name));
  if (missing.length === 0) return;
  const found = parts.length === 0 ? 'no image' : `only ${parts.join(', ')}`;
  throw new InputError(
    'channel-missing',
    `the upload has ${found}; missing: ${missing.join(', ')} (red microtubules, green protein, blue nuclei; only yellow, the ER, may be left out), or one OME-TIFF as image`,
  );
}

/** Checks each image and gives it the name by which `predict` knows its channel. */
async function checkImages(
  folder: string,
  parts: readonly ImagePart[],
  { channels }: JobOptions,
  { pixels }: ServerLimits,
): Promise<ImageFacts> {
  const checked: [ImagePart, ImageFacts][] = [];
  for (const part of parts) {
    const path = join(folder, part);
    const checking =
      part === 'image'
        ? checkOmeTiffFile(path, pixels, channelNamesOf(channels))
        : checkImageFile(path, pixels);
    const facts = await checking.catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.code, error.message.replace(path, part), { cause: error });
    });
    checked.push([part, facts]);
    const suffix = part === 'composite' ? 'blue_red_green' : part;
    const name = part === 'image' ? `${FIELD_ID}.ome.tif` : `${FIELD_ID}_${suffix}.${facts.format}`;
    await rename(path, join(folder, name));
  }
  const [[first, { width, height }]] = checked;
  const other = checked.find(([, facts]) => facts.width !== width || facts.height !== height);
  if (other === undefined) return checked[0][1];
  throw new InputError(
    'channel-size',
    `${first} is ${width}x${height} but ${other[0]} is ${other[1].width}x${other[1].height}; all channels of a field must have one size`,
  );
}

const LONGEST_NAME = 100;

/** A field's id as its file's name says it, without channel and ending. */
function fieldOfFile(fileName: string): string {
  const stem = parse(fileName.replaceAll('\\', '/')).name.replace(/\.ome$/i, '');
  return stem.replace(/_(red|green|blue|yellow|blue_red_green)$/i, '');
}

/** Harmless characters only: the name stands in results, for spreadsheets and other programs. */
export function safeName(given: string): string {
  const safe = given.replaceAll(/[^A-Za-z0-9._ -]/g, '_').replace(/^[.\s-]+/, '');
  return safe.slice(0, LONGEST_NAME).trim() || FIELD_ID;
}
