import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const DOCUMENTS = ['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'];
/** What looks like a path of this repository, in code spans and in links. */
const PATH =
  /(?:`|\]\()((?:src|test|scripts|docs|resources|bin)\/[\w./-]+?|[A-Z]+\.md|\.dependency-cruiser\.cjs)(?:`|\))/g;

test.each(DOCUMENTS)('every path that %s names exists', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const paths = [...text.matchAll(PATH)].map((match) => match[1] ?? '');
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('ARCHITECTURE.md names every room', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  for (const room of [
    'shared',
    'main/collector',
    'main/formats',
    'main/ingest',
    'main/store',
    'main/analysis',
    'main/engine',
    'main/cli',
    'main/app',
    'renderer',
  ]) {
    expect(existsSync(join(root, 'src', room)), room).toBe(true);
    expect(text).toContain(`src/${room}`);
  }
});
