/**
 * The commands of every view, as they stand in the sources: two of one id, or of one key where both may be on the screen,
 * keep a view from opening, and that is found here and not by whoever opens it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { views } from '../views/registry.ts';
import { normaliseKeys } from './keys.ts';

type Found = { readonly file: string; readonly id: string; readonly keys: readonly string[] };

const ROOT = resolve(import.meta.dirname, '..');
const NUMBERS = Array.from({ length: 9 }, (_, at) => String(at + 1));

/** Keys that are no plain text in the source. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  'app/app-commands.ts: view.keys': views.map(({ keys }) => keys),
  'views/compare/runs/runs-compared.tsx: `alt+${index + 1}`': ['alt+1', 'alt+2', 'alt+3'],
  'views/review/adjudicate-item.tsx: String(at + 1)': NUMBERS,
  'views/review/item-form.tsx: String(at + 1)': NUMBERS,
  'views/taxonomies/coding/coding-pane.tsx: keys': ['g', 'u', 'p'],
  'views/trace/navigate.ts: direction === 1 ? key : `shift+${key}`': ['h', 'a', 'm', 'shift+h', 'shift+a', 'shift+m'],
};

/** Of these, one is on the screen at a time. */
const APART: readonly (readonly string[])[] = [
  ['views/compare/map/', 'views/compare/runs/', 'views/compare/traces/'],
  ['views/evals/datasets/', 'views/evals/editor/', 'views/evals/run/'],
  ['views/review/adjudicate-item.tsx', 'views/review/item-form.tsx', 'views/review/pair-item.tsx'],
  ['views/settings/endpoints/', 'views/settings/rules/'],
];

/** Those that were met. */
const used = new Set<string>();

const SHARED = ['app/', 'state/', 'widgets/', 'charts/', 'annotate/'];

function commandsIn(file: string): Found[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, string>();
  const found: Found[] = [];
  const textOf = (node: ts.Node): string | null =>
    ts.isStringLiteralLike(node) ? node.text : (constants.get(node.getText()) ?? null);
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteralLike(node.initializer))
      constants.set(node.name.getText(), node.initializer.text);
    if (ts.isObjectLiteralExpression(node)) {
      const parts = new Map<string, ts.Node>();
      for (const part of node.properties) {
        if (ts.isPropertyAssignment(part)) parts.set(part.name.getText(), part.initializer);
        else if (part.name) parts.set(part.name.getText(), part.name);
      }
      const [id, keys] = [parts.get('id'), parts.get('keys')];
      if (id && parts.has('title') && parts.has('group') && parts.has('run')) {
        const plain = keys === undefined ? [] : textOf(keys);
        const place = `${file}: ${keys?.getText() ?? ''}`;
        const made = MADE[place];
        if (made) used.add(place);
        expect(
          plain !== null || made !== undefined,
          `${file}: say in MADE which keys \`${keys?.getText()}\` makes`,
        ).toBe(true);
        found.push({ file, id: textOf(id) ?? `${file} ${id.getText()}`, keys: [plain ?? made ?? []].flat() });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const commands = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|\/testing\//.test(file))
  .flatMap(commandsIn);

function viewOf(file: string): string | null {
  return /^views\/([^/]+)\//.exec(file)?.[1] ?? null;
}

/** Both may be registered at one moment. What lies in no view is taken to be everywhere, unless a view alone uses it. */
function meet(a: Found, b: Found): boolean {
  const [viewA, viewB] = [viewOf(a.file), viewOf(b.file)];
  // Undo of annotations is registered by the views that annotate.
  if ([a, b].some(({ file }) => file === 'state/annotation-undo.ts'))
    return [viewA, viewB].every((view) => view === null || view === 'trace' || view === 'review');
  if (viewA !== null && viewB !== null && viewA !== viewB) return false;
  return !APART.some((parts) => {
    const at = (file: string): number => parts.findIndex((part) => file.startsWith(part));
    return at(a.file) >= 0 && at(b.file) >= 0 && at(a.file) !== at(b.file);
  });
}

test('the commands of all views are found', () => {
  expect(new Set(commands.map(({ file }) => viewOf(file)))).toEqual(
    new Set([
      null,
      ...['compare', 'evals', 'graders', 'insights', 'review', 'sessions', 'settings', 'taxonomies', 'trace', 'traces'],
    ]),
  );
  expect(commands.length).toBeGreaterThan(120);
  expect([...used].sort()).toEqual(Object.keys(MADE).sort());
  for (const { file } of commands)
    expect(
      [...SHARED, 'views/'].some((folder) => file.startsWith(folder)),
      file,
    ).toBe(true);
});

test('no two that may be on the screen together have one id or one key', () => {
  const clashes: string[] = [];
  commands.forEach((a, at) => {
    for (const b of commands.slice(at + 1)) {
      if (!meet(a, b)) continue;
      if (a.id === b.id) clashes.push(`id ${a.id}: ${a.file} and ${b.file}`);
      const keys = new Set(a.keys.map(normaliseKeys));
      for (const key of b.keys)
        if (keys.has(normaliseKeys(key))) clashes.push(`${key}: ${a.id} (${a.file}) and ${b.id} (${b.file})`);
    }
  });
  expect(clashes).toEqual([]);
});
