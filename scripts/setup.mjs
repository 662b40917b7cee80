// Brings a checkout into working order: installs dependencies and builds, each only when needed.
// `npm test`, `npm run demo` and `npm run bench` run it first. Plain JavaScript, because it runs before anything is installed.
// With --check it only says, by its exit code, whether all is in order.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCK = join(ROOT, 'package-lock.json');
const INSTALL_STAMP = join(ROOT, 'node_modules', '.cytolocus-installed');
const BUILD_STAMP = join(ROOT, 'dist', '.cytolocus-built');

requireNode(20, 19);
const checkOnly = process.argv.includes('--check');
const lockHash = hashOf([LOCK]);
if (stampOf(INSTALL_STAMP) !== lockHash) {
  if (checkOnly) process.exit(1);
  run('Installing dependencies', 'npm', ['ci', '--no-audit', '--no-fund']);
  writeFileSync(INSTALL_STAMP, lockHash);
}
const sourceHash = hashOf([
  LOCK,
  join(ROOT, 'tsconfig.json'),
  join(ROOT, 'tsconfig.build.json'),
  join(ROOT, 'vite.config.ts'),
  ...filesBelow(join(ROOT, 'src')),
]);
if (stampOf(BUILD_STAMP) !== sourceHash) {
  if (checkOnly) process.exit(1);
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  run('Building', 'npm', ['run', '--silent', 'build']);
  writeFileSync(BUILD_STAMP, sourceHash);
}

function requireNode(major, minor) {
  const [foundMajor, foundMinor] = process.versions.node.split('.').map(Number);
  if (foundMajor > major || (foundMajor === major && foundMinor >= minor)) return;
  console.error(`Cytolocus needs Node ${major}.${minor} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

/** Runs a step with its output on standard error, so that `--json` output of what follows stays clean. */
function run(what, command, args) {
  console.error(`${what} ...`);
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`${what} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
