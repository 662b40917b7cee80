import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { multiPageTiff, omeXml } from '../io/ome.js';
import { floatTiff, pngHeader } from '../io/pictures.js';
import { ask, COLOURS, filesBelow, openServer, post, type TestServer } from './harness.js';

const UPLOAD_SECONDS = 5;
const FILE_BYTES = 60_000;

let server: TestServer;
const store = mkdtempSync(join(tmpdir(), 'cytolocus-serve-'));
/** A whole small picture; its pixels do not matter here. */
let picture: Buffer;

beforeAll(async () => {
  picture = await grey(64);
  server = await openServer({
    store,
    limits: { uploadSeconds: UPLOAD_SECONDS, fileBytes: FILE_BYTES, pixels: 1000 * 1000 },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(store, { recursive: true, force: true });
});

function grey(size: number): Promise<Buffer> {
  return sharp({ create: { width: size, height: size, channels: 3, background: '#555' } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

type Parts = Partial<Record<string, Uint8Array | string>>;

function form(parts: Parts): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === 'string') data.append(name, value);
    else if (value !== undefined) data.append(name, new Blob([Uint8Array.from(value)]), `x_${name}.png`);
  }
  return data;
}

function quartet(replaced: Parts = {}): FormData {
  return form({ ...Object.fromEntries(COLOURS.map((colour) => [colour, picture])), ...replaced });
}

/** The upload is refused so, in words that hold no path; nothing of it stays; the server lives on. */
async function expectRefusal(body: FormData, status: number, code: string, words: RegExp): Promise<void> {
  const answer = await post(server, body);
  expect(answer.body).toMatchObject({
    status,
    code,
    title: expect.any(String),
    type: expect.stringContaining('/problems/'),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body.detail).toMatch(words);
  expect(answer.text).not.toContain(store);
  expect(answer.text).not.toMatch(/node_modules|at .*\.[jt]s/);
  await expectClean();
}

async function expectClean(): Promise<void> {
  expect(filesBelow(store)).toEqual([]);
  expect((await ask(server, '/api/v1/health')).status).toBe(200);
  expect((await ask(server, '/api/v1/ready')).body.waiting).toBe(0);
}

describe('images that are not what they should be', () => {
  test('a small file that claims 100,000 x 100,000 pixels', () =>
    expectRefusal(
      quartet({ green: pngHeader(100_000, 100_000) }),
      413,
      'image-too-large',
      /^green: 100000x100000 pixels/,
    ));

  test('a picture with another file after its end', () =>
    expectRefusal(
      quartet({ blue: Buffer.concat([picture, Buffer.from('PK\u0003\u0004<script>')]) }),
      ...([422, 'image-trailing-data', /^blue: \d+ bytes follow/] as const),
    ));

  test('a JPEG with another file after its end', async () => {
    const jpeg = await sharp(picture).jpeg().toBuffer();
    await expectRefusal(
      quartet({ red: Buffer.concat([jpeg, Buffer.from('<html>')]) }),
      ...([422, 'image-damaged', /^red: does not end where/] as const),
    );
  });

  test.each([
    ['text', Buffer.from('hello, I am a table\n1,2,3\n'), /text file/],
    [
      'SVG, which could name other files',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /text file/,
    ],
    ['GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0080\u0000\u0000'), /no picture of these kinds/],
  ])('%s', (_, bytes, words) => expectRefusal(quartet({ red: bytes }), 415, 'image-format', words));

  test('a TIFF of floats', () =>
    expectRefusal(quartet({ red: floatTiff([1, 2]) }), 422, 'image-depth', /^red: samples are/));

  test('a picture cut short', () =>
    expectRefusal(quartet({ red: picture.subarray(0, -20) }), 422, 'image-damaged', /^red: .*cut short/));

  test('a picture damaged inside: told once it is decoded', async () => {
    const noise = await sharp(
      Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * i * 31) % 251),
      {
        raw: { width: 64, height: 64, channels: 1 },
      },
    )
      .png()
      .toBuffer();
    const damaged = Uint8Array.from(noise);
    damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 200);
    await expectRefusal(quartet({ red: damaged }), 422, 'image-damaged', /^red: .*damaged/);
  }, 300_000);

  test('0 bytes', () =>
    expectRefusal(quartet({ red: Buffer.alloc(0) }), 422, 'file-empty', /^red: .*0 bytes/));

  test('different sizes', async () =>
    expectRefusal(quartet({ blue: await grey(32) }), 422, 'channel-size', /red is 64x64 but blue is 32x32/));

  test('a missing channel', () =>
    expectRefusal(quartet({ blue: undefined }), 422, 'channel-missing', /missing: blue/));
});

describe('OME-TIFFs that are not what they should be', () => {
  const size = { width: 8, height: 6 };
  const pages = (of: { width: number; height: number } = size) =>
    Array.from({ length: 4 }, () => ({ ...of, data: new Uint8Array(48) }));
  const refuse = (image: Uint8Array, ...expected: [status: number, code: string, words: RegExp]) =>
    expectRefusal(form({ image }), ...expected);

  test('a small file that claims 100,000 x 100,000 pixels', () => {
    const huge = { width: 100_000, height: 100_000 };
    return refuse(multiPageTiff(pages(huge), omeXml(huge)), 413, 'image-too-large', /^image: 100000x100000/);
  });

  test('channels that cannot be told: their names are said', () =>
    refuse(
      multiPageTiff(pages(), omeXml({ ...size, names: ['DAPI', 'GFP', 'Cy3', 'Cy5'] })),
      ...([422, 'channel-unknown', /^image: .*"DAPI", "GFP", "Cy3", "Cy5"/] as const),
    ));

  test('a stack', () =>
    refuse(
      multiPageTiff(pages(), omeXml({ ...size, sizeZ: 2 })),
      422,
      'image-stack',
      /^image: holds 2 focal/,
    ));

  test('a plain TIFF', () =>
    refuse(multiPageTiff(pages(), null), 422, 'image-ome', /^image: is no OME-TIFF/));
  test('a PNG', () => refuse(picture, 415, 'image-format', /^image: is no TIFF/));
  test('0 bytes', () => refuse(Buffer.alloc(0), 422, 'file-empty', /^image: .*0 bytes/));

  test('beside single channels, or names of channels without it', async () => {
    const image = multiPageTiff(pages(), omeXml(size));
    await expectRefusal(quartet({ image }), 400, 'part-twice', /image and single channels/);
    await expectRefusal(form({ image, composite: picture }), 400, 'part-twice', /image and composite/);
    const channels = '1=nuclei,2=protein,3=microtubules';
    await expectRefusal(quartet({ channels }), 400, 'bad-option', /^channels: .*OME-TIFF/);
    await expectRefusal(form({ image, channels: '1=cells' }), 400, 'bad-option', /^channels: expected names/);
  });
});

describe('uploads that are not what they should be', () => {
  test('a file above the limit', () =>
    expectRefusal(quartet({ red: Buffer.alloc(FILE_BYTES + 1) }), 413, 'file-too-large', /^red: more than/));

  test('10,000 parts', async () => {
    const body = form({});
    for (let i = 0; i < 10_000; i++) body.append('name', 'x');
    await expectRefusal(body, 400, 'part-twice', /two parts name/);
  });

  test('10,000 parts that are no form data, which the reader passes over', async () => {
    const part = `--${BOUNDARY}\r\nContent-Disposition: attachment; filename="x"\r\n\r\nx\r\n`;
    const answer = await ask(server, '/api/v1/predictions', {
      method: 'POST',
      body: `${part.repeat(10_000)}--${BOUNDARY}--\r\n`,
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    });
    expect(answer).toMatchObject({ status: 413, body: { code: 'too-many-parts' } });
    expect(answer.body.detail).toMatch(/more than \d+ parts/);
    await expectClean();
  });

  test('many unknown parts', () =>
    expectRefusal(quartet({ infrared: picture }), 400, 'unknown-part', /"infrared"/));

  test('a composite beside channels', () =>
    expectRefusal(quartet({ composite: picture }), 400, 'part-twice', /composite and single channels/));

  test.each([
    ['segmenter', '../../etc/passwd'],
    ['segmenter', 'http://127.0.0.1/'],
    ['pixelSizeUm', '-1'],
    ['threshold', 'much'],
  ])('%s is %s', (name, value) =>
    expectRefusal(quartet({ [name]: value }), 400, 'bad-option', new RegExp(`^${name}`)),
  );

  test('no multipart', async () => {
    const answer = await ask(server, '/api/v1/predictions', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: 'not-multipart' } });
    await expectClean();
  });

  test('a slow sender', async () => {
    const { socket, answer } = send(`${HEAD}\r\n${PART}`);
    expect(await answer).toMatch(/^HTTP\/1\.1 408[\s\S]*upload-timeout/);
    socket.destroy();
    await expectClean();
  });

  test('a sender that goes away', async () => {
    const { socket } = send(`${HEAD}\r\n${PART}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expectClean();
  });
});

const BOUNDARY = 'xxBOUNDARYxx';
const HEAD = [
  'POST /api/v1/predictions HTTP/1.1',
  'Host: 127.0.0.1',
  `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
  'Content-Length: 50000',
  '',
].join('\r\n');
const PART = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="red"; filename="a_red.png"\r\n\r\nabc`;

/** Sends the beginning of a request and no more; the answer's text. */
function send(text: string) {
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  socket.write(text);
  const answer = new Promise<string>((resolve, reject) => {
    let received = '';
    socket.on('data', (data) => {
      received += data;
      if (received.includes('\r\n\r\n')) resolve(received);
    });
    socket.on('error', reject);
  });
  return { socket, answer };
}

describe('addresses', () => {
  test.each([
    '/api/v1/predictions/..%2f..%2fetc%2fpasswd',
    '/api/v1/predictions/abc',
    '/..%2f..%2fpackage.json',
  ])('%s gives nothing away', async (path) => {
    const { status, text } = await ask(server, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toContain('onnxruntime');
  });

  test('a name with ../ in it stays a name', async () => {
    const data = form({});
    for (const colour of COLOURS)
      data.append(colour, new Blob([Uint8Array.from(picture)]), `../../../x_${colour}.png`);
    data.append('name', '../../evil/=cmd');
    const { status, body } = await post(server, data, { prefer: 'respond-async' });
    expect(status).toBe(202);
    expect(body.field).toBe('_.._evil__cmd');
    expect((await ask(server, `/api/v1/predictions/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    await expectClean();
  });
});

describe('requests of other web sites', () => {
  test('are refused by origin and by host', async () => {
    const origin = await ask(server, '/api/v1/health', { headers: { origin: 'https://evil.example' } });
    expect(origin).toMatchObject({ status: 403, body: { code: 'foreign-origin' } });
    const { socket, answer } = send('GET /api/v1/health HTTP/1.1\r\nHost: evil.example\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 421/);
    socket.destroy();
  });

  test('answers bear a strict content security policy', async () => {
    const { headers } = await ask(server, '/api/v1/health');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });
});

test('every kind of problem is described, and the API document names them', async () => {
  const api = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const { PROBLEMS } = await import('../../src/server/index.js');
  for (const [code, [status]] of Object.entries(PROBLEMS)) {
    expect((await ask(server, `/api/v1/problems/${code}`)).body).toMatchObject({ code, status });
    expect(api).toContain(`| \`${code}\` | ${status} |`);
  }
});
