// What the official runtime does with `electron FOLDER ARGS…`, for the assembled one, which has no default application of its own.
// An ES module that awaits the import: otherwise the application's code runs after `ready`, too late to register schemes.
import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = applicationFolder(process.argv.slice(1));
if (!folder) {
  console.error('Usage: electron [-r MODULE] FOLDER [ARGS…]');
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
// Two of these are Electron's own, used by its default application and not declared.
const own = /** @type {typeof app & { setAppPath(path: string): void, setVersion(version: string): void }} */ (app);
own.setAppPath(folder);
own.setName(manifest.productName ?? manifest.name);
own.setVersion(manifest.version);
await import(pathToFileURL(join(folder, manifest.main ?? 'index.js')).href);

/**
 * The first argument that is no switch. Loads the modules of `-r` on the way, as Electron does.
 * @param {string[]} args
 */
function applicationFolder(args) {
  const require = createRequire(join(process.cwd(), 'from-command-line.js'));
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '-r' || arg === '--require') {
      index += 1;
      require(resolve(args[index] ?? ''));
    } else if (!arg.startsWith('-')) {
      return resolve(arg);
    }
  }
  return null;
}
