import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the thread's code lies: the source beside this file, or `reader.js` beside or above the bundle; null without it. */
export function threadFile(): string | null {
  const here = fileURLToPath(import.meta.url);
  const folder = dirname(here);
  const places = here.endsWith('.ts')
    ? [join(folder, 'thread.ts')]
    : [join(folder, 'reader.js'), join(folder, '..', 'reader.js')];
  return places.find((path) => existsSync(path)) ?? null;
}
