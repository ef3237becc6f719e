import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sample files beside the app: `resources/samples` of the checkout or of the packaged app. */
export function samplePaths(): string[] {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 6; up++) {
    const samples = join(folder, 'resources', 'samples');
    if (existsSync(samples)) {
      return readdirSync(samples)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => join(samples, name));
    }
    folder = dirname(folder);
  }
  return [];
}
