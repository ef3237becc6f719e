/** Nothing is overwritten, nothing is left half-written, and no name leads out of the folder. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTarget, safePath } from '../../src/main/engine/export-target.ts';
import { temporaryFolder } from '../support/workspace.ts';

const given = { overwrite: false, forbidden: [] };

test('a file appears when it is complete, and not before', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'out.json');
  const target = await openTarget({ ...given, path, layout: 'file' });
  await target.write('', 'a'.repeat(300_000));
  expect(existsSync(path)).toBe(false);
  await target.write('', 'b');
  expect(await target.finish()).toEqual({ files: 1, bytes: 300_001 });
  expect(readFileSync(path, 'utf8')).toHaveLength(300_001);
  expect(readdirSync(folder)).toEqual(['out.json']);
});

test('what is there stays: before, meanwhile, and after a discard', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'out.json');
  writeFileSync(path, 'mine');
  await expect(openTarget({ ...given, path, layout: 'file' })).rejects.toMatchObject({
    error: { code: 'file_exists' },
  });
  const other = join(folder, 'other.json');
  const target = await openTarget({ ...given, path: other, layout: 'file' });
  await target.write('', 'x');
  writeFileSync(other, 'came meanwhile');
  await expect(target.finish()).rejects.toMatchObject({ error: { code: 'file_exists' } });
  await target.discard();
  expect(readFileSync(other, 'utf8')).toBe('came meanwhile');
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(readdirSync(folder).sort()).toEqual(['other.json', 'out.json']);
  const replacing = await openTarget({ ...given, path, layout: 'file', overwrite: true });
  await replacing.write('', 'new');
  await replacing.finish();
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('the open workspace, folders and missing folders are refused with what to do', async () => {
  const folder = temporaryFolder();
  const workspace = join(folder, 'w.tracewright');
  writeFileSync(workspace, 'db');
  const options = { layout: 'file', overwrite: true, forbidden: [workspace] } as const;
  for (const path of [workspace, folder, join(folder, 'no', 'such', 'folder.json'), join(workspace, 'in-a-file')]) {
    await expect(openTarget({ ...options, path }), path).rejects.toMatchObject({
      error: { code: 'unwritable_file', hint: expect.any(String) as string },
    });
  }
  expect(readFileSync(workspace, 'utf8')).toBe('db');
});

test('a full disk says so, and what to do', async () => {
  const target = await openTarget({ ...given, path: '/dev/full', layout: 'file', overwrite: true }).catch(
    (cause: unknown) => cause,
  );
  // A device is no file to replace.
  expect(target).toMatchObject({ error: { code: 'file_exists' } });
});

test('a folder holds its files; two names that mean one file do not meet', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'out');
  const target = await openTarget({ ...given, path, layout: 'folder' });
  for (const name of ['A/1.json', 'a/1.json', '../evil.json', 'x\0y.json', '/abs.json', 'con']) {
    await target.write(name, name);
  }
  expect(await target.finish()).toMatchObject({ files: 6 });
  expect(readdirSync(folder)).toEqual(['out']);
  expect(readdirSync(path, { recursive: true }).sort()).toEqual(
    ['A', 'A/1.json', '_', '_/evil.json', '_con', 'a', 'a/1-2.json', 'abs.json', 'x_y.json'].sort(),
  );
  await expect(openTarget({ ...given, path, layout: 'folder' })).rejects.toMatchObject({
    error: { code: 'file_exists' },
  });
  mkdirSync(join(folder, 'empty'));
  const into = await openTarget({ ...given, path: join(folder, 'empty'), layout: 'folder' });
  await into.write('a.csv', '1');
  await into.finish();
  expect(readdirSync(join(folder, 'empty'))).toEqual(['a.csv']);
});

test('no path leads out of the folder', () => {
  const hostile = fc.array(
    fc.oneof(fc.constantFrom('..', '.', '/', '\\', '\0', 'C:', '~', '...', ' ', 'a'), fc.string({ maxLength: 8 })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(hostile, (parts) => {
      const inside = resolve('/base', safePath(parts.join('')));
      const way = relative('/base', inside);
      expect(way).not.toBe('');
      expect(way.split('/')).not.toContain('..');
      expect(inside).not.toContain('\0');
    }),
  );
  expect(safePath('a'.repeat(500) + '.json')).toHaveLength(200);
});

test('long names in any script, and many folders, fit what a file system takes', async () => {
  const folder = temporaryFolder();
  const path = join(folder, `${'漢'.repeat(80)}x`);
  const target = await openTarget({ ...given, path, layout: 'folder' });
  for (const letter of ['漢', '🎉', 'é', 'x']) await target.write(`${letter.repeat(300)}.json`, letter);
  await target.write('d/'.repeat(5_000) + 'deep.json', 'deep');
  expect(await target.finish()).toMatchObject({ files: 5 });
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  expect(names).toHaveLength(4);
  for (const name of names) expect(name).toMatch(/^(漢+|(?:🎉)+|é+|x+)\.json$/);
  await expect(openTarget({ ...given, path: join(folder, 'n'.repeat(300)), layout: 'file' })).rejects.toMatchObject({
    error: { code: 'unwritable_file' },
  });
});
