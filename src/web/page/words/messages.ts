import type { MessageValues } from '../../../common/index.js';
import type { FieldWarningCode } from '../../../segment/index.js';

/** A message in one language, with what it names where that is known. */
export type Message = (values: MessageValues) => string;

/** What a visitor may be told by its stable code; one dictionary a language, so that none can lack an entry. */
export interface Messages {
  readonly problems: Readonly<Record<ProblemCode, Message>>;
  readonly warnings: Readonly<Record<FieldWarningCode, Message>>;
}

export const PROBLEM_CODES = [
  // Of images, found here or by the server.
  ...(['channel-missing', 'channel-size', 'channel-colour', 'channel-twice', 'composite-grey'] as const),
  ...(['file-empty', 'image-format', 'image-damaged', 'image-depth', 'image-colour'] as const),
  ...(['image-pages', 'image-transparent', 'image-too-large', 'image-trailing-data', 'no-fields'] as const),
  ...(['image-ome', 'image-stack', 'image-pixel-size', 'channel-unknown'] as const),
  // Of the server's answers.
  ...(['bad-request', 'bad-option', 'malformed-upload', 'unknown-part', 'part-twice'] as const),
  ...(['key-needed', 'foreign-origin', 'foreign-host', 'not-found', 'prediction-unknown'] as const),
  ...(['file-not-made', 'prediction-unfinished', 'upload-timeout', 'file-too-large'] as const),
  ...(['too-many-parts', 'not-multipart', 'images-unusable', 'job-timeout', 'job-interrupted'] as const),
  ...(['too-many-requests', 'queue-full', 'not-writable', 'internal'] as const),
  // Of the page.
  ...(['server-unreachable', 'page-closed', 'page-failed', 'corrections-unsaved', 'private-mode'] as const),
  ...(['model-shape', 'device-absent', 'device-wrong', 'device-lost', 'device-failed'] as const),
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** A problem or warning in words; its own message where an older page does not know the code. */
export function tell(
  messages: Readonly<Record<string, Message>>,
  { code, values, message }: { code: string; values: MessageValues; message: string },
): string {
  return Object.hasOwn(messages, code) ? messages[code](values) : message;
}
