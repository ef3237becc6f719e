import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode, modules, root } from './paths.mjs';
import { SetupError, npm, seconds } from './processes.mjs';

/** @typedef {{ version?: string, optional?: boolean }} LockedPackage */

/**
 * Installs what package-lock.json names when node_modules does not hold it.
 * @param {import('./processes.mjs').Say} say
 */
export async function ensureDependencies(say) {
  const reason = missingDependencies();
  if (!reason) return;
  const startedAt = Date.now();
  say(`Installing dependencies with npm ci: ${reason} …`);
  const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) {
    process.stderr.write(output);
    throw new SetupError(
      'npm ci failed, see above.',
      'Check that the npm registry is reachable (npm ping), then run the command again.',
    );
  }
  say(`Dependencies installed in ${seconds(startedAt)}.`);
}

/** Why dependencies must be installed, or null when they are all there. Compares contents: times lie after a checkout. */
export function missingDependencies() {
  const installedLock = join(modules, '.package-lock.json');
  if (!existsSync(installedLock)) return 'node_modules is missing';
  if (!existsSync(bundledNode())) return 'the bundled Node is missing';
  const name = firstDifference(readLock(join(root, 'package-lock.json')), readLock(installedLock));
  return name && `${name} differs from package-lock.json`;
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function readLock(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * The first package that is wanted and not installed in that version. Optional ones may be absent: they are for other platforms.
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} installed
 * @returns {string | null}
 */
export function firstDifference(wanted, installed) {
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    if (found ? found.version !== version : !optional) return path.replace(/^.*node_modules\//, '');
  }
  return null;
}
