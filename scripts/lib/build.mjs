import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundledNode, modules, root } from './paths.mjs';
import { SetupError, run, seconds } from './processes.mjs';
import { withLock } from './lock.mjs';

const out = join(root, 'out');
const stamp = join(out, '.inputs');
const inputs = ['src', 'package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json'];

/**
 * Builds the app when the sources are not those of the last build.
 * @param {import('./processes.mjs').Say} say
 */
export async function ensureBuilt(say) {
  if (isBuilt()) return;
  await withLock(join(root, '.out-lock'), async () => {
    // Another process may have built it while this one waited.
    if (!isBuilt()) await build(say);
  });
}

/** Whether `out` is a build of the sources as they are now. */
export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOfInputs(root, inputs);
}

/**
 * Builds into a folder beside `out` and swaps it in, so that `out` is never half a build.
 * @param {import('./processes.mjs').Say} say
 */
export async function build(say) {
  const startedAt = Date.now();
  say('Building …');
  const fresh = `.out-${process.pid}`;
  const old = join(root, `${fresh}-old`);
  const hash = hashOfInputs(root, inputs);
  try {
    const cli = join(modules, 'electron-vite', 'bin', 'electron-vite.js');
    const env = { TRACEWRIGHT_BUILD_OUT: fresh, NODE_ENV: 'production' };
    const { code, output } = await run(bundledNode(), [cli, 'build', '--logLevel', 'warn'], { env });
    if (code !== 0) {
      process.stderr.write(output);
      throw new SetupError('The build failed, see above.', 'Correct the sources, then run the command again.');
    }
    writeFileSync(join(root, fresh, '.inputs'), hash);
    mkdirSync(out, { recursive: true });
    renameSync(out, old);
    renameSync(join(root, fresh), out);
  } finally {
    rmSync(join(root, fresh), { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
  say(`Built in ${seconds(startedAt)}.`);
}

/**
 * One hash over names and contents. Contents, not times: a checkout or a copy changes the times of everything.
 * @param {string} folder
 * @param {string[]} names files and folders in it
 */
export function hashOfInputs(folder, names) {
  const hash = createHash('sha1');
  for (const file of names.flatMap((name) => filesUnder(join(folder, name)))) {
    hash
      .update(`${relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} in a fixed order, without tests, which no build contains
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  /** @type {string[]} */
  const found = [];
  /** @param {string} folder */
  function walk(folder) {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) walk(join(folder, entry.name));
      else if (!/\.test\.tsx?$/.test(entry.name)) found.push(join(folder, entry.name));
    }
  }
  try {
    walk(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTDIR')) throw error;
    return [path];
  }
  return found;
}
