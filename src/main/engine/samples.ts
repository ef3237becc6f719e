import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { resourcePath } from './resource-path.ts';

/** The sample files beside the app. */
export function samplePaths(): string[] {
  const folder = resourcePath('samples');
  return folder === null
    ? []
    : readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => join(folder, name));
}
