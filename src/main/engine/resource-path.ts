import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file or folder of `resources`, beside the app: in the checkout or in the packaged app; null when it is not there. */
export function resourcePath(...names: readonly string[]): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 6; up++) {
    const path = join(folder, 'resources', ...names);
    if (existsSync(path)) return path;
    folder = dirname(folder);
  }
  return null;
}
