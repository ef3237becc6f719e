// Compiles better-sqlite3 so that it loads in Node-API 9 hosts (Node 20, Electron 33): the prebuilt addon declares Node-API 10 and crashes
// there. Usage (Node 22): compile-sqlite.mjs FILE. The file appears complete or not at all.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundledNode, installedVersion, modules } from '../lib/paths.mjs';
import { npm, run } from '../lib/processes.mjs';

const oldNodeApi = [
  '-UNAPI_VERSION',
  '-DNAPI_EXPERIMENTAL',
  '-DNODE_API_EXPERIMENTAL_NO_WARNING',
  '-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT',
].join(' ');

const target = process.argv[2];
if (!target) throw new Error('Usage: compile-sqlite.mjs FILE');

await mkdir(dirname(dirname(target)), { recursive: true });
const work = await mkdtemp(`${dirname(target)}.partial-`);
try {
  const source = join(work, 'better-sqlite3');
  await cp(join(modules, 'better-sqlite3'), source, { recursive: true });
  const { code, output } = await run(
    process.execPath,
    [
      join(modules, 'node-gyp', 'bin', 'node-gyp.js'),
      'rebuild',
      '--release',
      '--force_build=1',
      `--nodedir=${await nodeHeaders(work)}`,
      '--jobs=max',
    ],
    // -O2 instead of the -O3 of the recipe: a fifth less to wait for.
    { cwd: source, env: { CFLAGS: '-O2', CXXFLAGS: `-O2 ${oldNodeApi}`, NODE_PATH: modules } },
  );
  if (code !== 0) throw new Error(output);
  await mkdir(dirname(target), { recursive: true });
  await rename(join(source, 'build', 'Release', 'better_sqlite3.node'), target);
} finally {
  await rm(work, { recursive: true, force: true });
}

/**
 * The folder that holds include/node of the bundled Node. npm may have pruned it from node_modules; then the package is fetched again.
 * @param {string} folder for what must be fetched
 */
async function nodeHeaders(folder) {
  const name = `node-${process.platform}-${process.arch}`;
  const installed = [join(modules, 'node', 'node_modules', name), join(modules, name)];
  const found = installed.find((candidate) => existsSync(join(candidate, 'include', 'node', 'node_api.h')));
  if (found) return found;
  const packed = await npm(['pack', `${name}@${installedVersion('node')}`, '--silent', '--pack-destination', folder]);
  if (packed.code !== 0)
    throw new Error(`The headers of ${bundledNode()} are missing and npm pack failed:\n${packed.output}`);
  const tarball = join(folder, packed.output.trim().split('\n').at(-1) ?? '');
  const unpacked = await run('tar', ['-xzf', tarball, '-C', folder, 'package/include']);
  if (unpacked.code !== 0) throw new Error(unpacked.output);
  return join(folder, 'package');
}
