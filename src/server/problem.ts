import { z } from 'zod';
import { CytolocusError } from '../common/index.js';

/** What can be wrong, by its stable code: HTTP status and a title. Codes of images and fields not listed here answer 422. */
export const PROBLEMS = {
  'bad-request': [400, 'The request is malformed'],
  'bad-option': [400, 'An option has no valid value'],
  'malformed-upload': [400, 'The upload is malformed'],
  'unknown-part': [400, 'The upload has a part that is not known'],
  'part-twice': [400, 'The upload has a part twice'],
  'key-needed': [401, 'An API key is needed'],
  'foreign-origin': [403, 'Requests from other web sites are refused'],
  'not-found': [404, 'There is nothing at this address'],
  'prediction-unknown': [404, 'There is no such prediction'],
  'file-not-made': [404, 'The prediction has no such file'],
  'upload-timeout': [408, 'The upload took too long'],
  'prediction-unfinished': [409, 'The prediction is not done'],
  'file-too-large': [413, 'A file is too large'],
  'image-too-large': [413, 'An image has too many pixels'],
  'too-many-parts': [413, 'The upload has too many parts'],
  'not-multipart': [415, 'The upload is not multipart/form-data'],
  'image-format': [415, 'A file is no PNG, JPEG or TIFF'],
  'foreign-host': [421, 'The server is not reached under this name'],
  'images-unusable': [422, 'The images cannot be used'],
  'job-timeout': [422, 'The field took too long'],
  'too-many-requests': [429, 'Too many requests'],
  internal: [500, 'Something went wrong in the server'],
  'job-interrupted': [500, 'The server was stopped during the work'],
  'queue-full': [503, 'The server is busy'],
  'not-writable': [507, 'The server cannot store results'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** An expected failure of a request. */
export class HttpProblem extends CytolocusError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, detail);
    this.headers = headers;
  }
}

/** Problem details by RFC 9457, with our stable `code`. */
export const problemSchema = z.object({
  type: z.string().describe('Address of a description of this kind of problem'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What was found, what was expected, what to do'),
  code: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** The body of an answer about a problem. */
export function describeProblem(code: string, detail: string): Problem {
  const known = isProblemCode(code) ? code : 'images-unusable';
  const [status, title] = PROBLEMS[known];
  return { type: `/api/v1/problems/${known}`, title, status, detail, code };
}

/** Whether a failure of a layer below speaks of the images that were sent; only then its words are for the sender. */
export function isAboutImages(code: string): boolean {
  return /^(image|channel|composite)-|^file-empty$|^no-fields$/.test(code);
}

const STORE_FULL = 'the server cannot write to its store just now; please tell who runs it';
const INTERNAL = 'an unexpected failure; the server has noted it, please tell who runs it';

/**
 * The answer to anything that a request's handling threw: expected failures in their own words; what the web framework
 * refused by its status; all else without a word of the inside.
 */
export function toHttpProblem(error: unknown): Problem {
  if (error instanceof HttpProblem) return describeProblem(error.code, error.message);
  if (!(error instanceof Error)) return describeProblem('internal', INTERNAL);
  if (error instanceof CytolocusError && isAboutImages(error.code)) {
    return describeProblem(error.code, error.message);
  }
  if (isDiskFailure(error)) return describeProblem('not-writable', STORE_FULL);
  if ('validation' in error) return describeProblem('bad-option', error.message);
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 429) return describeProblem('too-many-requests', error.message);
  if (status === 413) return describeProblem('file-too-large', error.message);
  if (status >= 400 && status < 500) return { ...describeProblem('bad-request', error.message), status };
  return describeProblem('internal', INTERNAL);
}

function isDiskFailure(error: Error): boolean {
  return 'code' in error && ['not-writable', 'ENOSPC', 'EDQUOT', 'EROFS'].includes(String(error.code));
}
