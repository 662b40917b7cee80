import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { MessageValues } from '../../src/common/index.js';
import { FIELD_WARNING_CODES } from '../../src/segment/index.js';
import { isAboutImages, PROBLEMS } from '../../src/server/problem.js';
import { PROBLEM_CODES, tell, WORDS } from '../../src/web/page/words/index.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(SRC + name, 'utf8') }));

/** Codes that errors are made with in the program's text. */
function codesIn(text: string): string[] {
  return [...text.matchAll(/(?:Error|Problem|fault)\(\s*'([a-z-]+)'/g)].map(([, code]) => code);
}

test('every problem that a visitor may meet has words: of images, of the server, of the page', () => {
  const images = sources.flatMap(({ name, text }) =>
    /^(imaging|io|server)\//.test(name) ? codesIn(text).filter(isAboutImages) : [],
  );
  const page = sources.flatMap(({ name, text }) => (name.startsWith('web/page/') ? codesIn(text) : []));
  expect(images.length).toBeGreaterThan(10);
  expect(page.length).toBeGreaterThan(10);
  const needed = new Set([...images, ...Object.keys(PROBLEMS), ...page]);
  const known = new Set<string>(PROBLEM_CODES);
  expect([...needed].filter((code) => !known.has(code))).toEqual([]);
});

describe.each(Object.entries(WORDS))('in %s', (language, words) => {
  test.each(['problems', 'warnings'] as const)(
    'the %s are sentences, with what they name and without',
    (kind) => {
      const codes = kind === 'problems' ? PROBLEM_CODES : FIELD_WARNING_CODES;
      expect(Object.keys(words[kind]).sort()).toEqual([...codes].sort());
      for (const code of codes) {
        const values: MessageValues = {
          file: 'a.png',
          size: '9 × 9',
          first: '1 × 1',
          other: '2 × 2',
          er: 'dark',
        };
        for (const known of [{}, values]) {
          const text = tell(words[kind], { code, values: known, message: '' });
          expect(text).toMatch(/^\S.*[.…]$/);
          expect(text).not.toMatch(/undefined|NaN/);
        }
      }
    },
  );

  test('a code that an older page does not know is told by its own message', () => {
    expect(tell(words.problems, { code: 'new-one', values: {}, message: 'so it is' })).toBe('so it is');
  });

  test('there are 19 locations', () => {
    expect(new Set(words.locations).size).toBe(19);
    expect(words.locations.includes('Nucleoplasm')).toBe(language === 'en');
  });
});

test('no word is left that the page does not say', () => {
  const page = sources
    .filter(({ name }) => name.startsWith('web/page/') && !name.startsWith('web/page/words/'))
    .map(({ text }) => text)
    .join('\n');
  const unsaid = Object.keys(WORDS.en).filter((word) => !new RegExp(`words\\.${word}\\b`).test(page));
  expect(unsaid).toEqual([]);
});
