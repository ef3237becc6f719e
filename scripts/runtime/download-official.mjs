// Downloads and unpacks the official Electron into node_modules/electron. Runs on Node 22, from scripts/lib/electron-runtime.mjs.
// Gives up early where the release host cannot be reached, but never on a slow download that moves.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modules } from '../lib/paths.mjs';

const stallLimit = 8_000;

const electronFolder = join(modules, 'electron');
const fromElectron = createRequire(join(electronFolder, 'package.json'));
const { downloadArtifact } = await import(pathToFileURL(fromElectron.resolve('@electron/get')).href);

let stalled = giveUpLater();
try {
  // The same request as Electron's own install script makes, so that the script below finds the file in the cache.
  await downloadArtifact({
    version: JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')).version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    cacheRoot: process.env.electron_config_cache,
    checksums: JSON.parse(readFileSync(join(electronFolder, 'checksums.json'), 'utf8')),
    downloadOptions: { quiet: true, getProgressCallback: moved },
  });
} catch (error) {
  console.error(reasonOf(error));
  process.exit(1);
}
clearTimeout(stalled);
const unpacked = spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'inherit' });
process.exit(unpacked.status ?? 1);

async function moved() {
  clearTimeout(stalled);
  stalled = giveUpLater();
}

function giveUpLater() {
  return setTimeout(() => {
    console.error(`nothing arrived for ${stallLimit / 1000} s`);
    process.exit(1);
  }, stallLimit);
}

/**
 * fetch hides the reason in `cause`.
 * @param {unknown} error
 */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
