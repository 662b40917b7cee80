/** Base64 (RFC 4648, section 4) on every platform: `Buffer` is Node's only, `atob` goes through strings. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const PADDING = '='.charCodeAt(0);
const INVALID = 255;
const VALUES = new Uint8Array(128).fill(INVALID);
CODES.forEach((code, value) => {
  VALUES[code] = value;
});
const ASCII = new TextDecoder();

export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  for (let at = 0, out = 0; at < bytes.length; at += 3, out += 4) {
    const left = bytes.length - at;
    const bits = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
    codes[out] = CODES[bits >> 18];
    codes[out + 1] = CODES[(bits >> 12) & 63];
    if (left > 1) codes[out + 2] = CODES[(bits >> 6) & 63];
    if (left > 2) codes[out + 3] = CODES[bits & 63];
  }
  return ASCII.decode(codes);
}

/** The bytes, or null where the text is not base64 with its padding. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  let end = text.length;
  while (end > text.length - 2 && text.charCodeAt(end - 1) === PADDING) end--;
  const bytes = new Uint8Array((end * 3) >> 2);
  let bits = 0;
  let held = 0;
  for (let at = 0, out = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? VALUES[code] : INVALID;
    if (value === INVALID) return null;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[out++] = bits >> held;
      bits &= (1 << held) - 1;
    }
  }
  return bytes;
}
