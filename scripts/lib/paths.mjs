import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const modules = join(root, 'node_modules');
const isWindows = process.platform === 'win32';

/** Where downloads that outlive node_modules are kept. */
export function cacheFolder() {
  if (process.env.TRACEWRIGHT_CACHE) return resolve(process.env.TRACEWRIGHT_CACHE);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tracewright');
}

/** The Node 22 that node_modules carries. Tools and the command line run on it; only these scripts run on an older Node. */
export function bundledNode() {
  return join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');
}

/**
 * The version of an installed package, or null when it is not installed.
 * @param {string} name
 * @returns {string | null}
 */
export function installedVersion(name) {
  const manifest = join(modules, name, 'package.json');
  if (!existsSync(manifest)) return null;
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** PATH for the tools in node_modules: its own binaries first, Node 22 among them. */
export function pathWithTools() {
  return [join(modules, '.bin'), pathWithoutTools()].join(delimiter);
}

/** PATH for npm itself: `npm ci` deletes node_modules, so it must not run on a binary that lives there. */
export function pathWithoutTools() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !resolve(folder).startsWith(modules))
    .join(delimiter);
}
