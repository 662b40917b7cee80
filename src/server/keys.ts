import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { InputError } from '../common/index.js';
import { readTextIfThere, writeFileAtomic } from '../io/index.js';

/** API keys: their owners' names with the keys' SHA-256. The keys are 256 random bits, so a slow hash would add nothing. */
export type ApiKeys = ReadonlyMap<string, Buffer>;

const LINE = /^([A-Za-z0-9._-]{1,64}) ([0-9a-f]{64})$/;

/**
 * Reads a file of keys: a line each, `NAME SHA256`; empty lines and those that begin with # are skipped.
 * @throws InputError `file-missing`, `keys-format`
 */
export async function readApiKeys(path: string): Promise<ApiKeys> {
  const text = await readTextIfThere(path);
  if (text === null) {
    throw new InputError('file-missing', `${path}: there is no such file; make a key with --add-key NAME`);
  }
  const keys = new Map<string, Buffer>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = LINE.exec(line.trim());
    if (match === null || keys.has(match[1])) {
      throw new InputError(
        'keys-format',
        `${path}, line ${index + 1}: expected "NAME SHA256", each name once; make keys with --add-key NAME`,
      );
    }
    keys.set(match[1], Buffer.from(match[2], 'hex'));
  }
  if (keys.size === 0)
    throw new InputError('keys-format', `${path}: holds no key; make one with --add-key NAME`);
  return keys;
}

/**
 * Makes a key and adds its hash to the file, which is made where it is missing.
 * @returns the key: it cannot be read from the file again
 * @throws InputError `keys-format` for a bad or known name, `not-writable`
 */
export async function addApiKey(path: string, name: string): Promise<string> {
  const text = (await readTextIfThere(path)) ?? '';
  const key = `cyto_${randomBytes(32).toString('base64url')}`;
  const line = `${name} ${hashOf(key).toString('hex')}`;
  const known = text.split(/\r?\n/).some((other) => other.startsWith(`${name} `));
  if (!LINE.test(line) || known) {
    const found = known ? `has a key of the name ${name}` : `"${name}" is no name for a key`;
    throw new InputError('keys-format', `${path}: ${found}; expected a new one of letters, digits, . _ -`);
  }
  await writeFileAtomic(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
  return key;
}

/** Name of the key's owner, or null. Takes the same time for every key. */
export function ownerOf(keys: ApiKeys, key: string): string | null {
  const hash = hashOf(key);
  let owner: string | null = null;
  for (const [name, known] of keys) if (timingSafeEqual(known, hash)) owner = name;
  return owner;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
