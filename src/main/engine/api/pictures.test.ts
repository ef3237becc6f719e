import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureHandlers } from './pictures.ts';
import type { ReadContext } from './types.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** It reads nothing of the workspace. */
const context = { signal: new AbortController().signal } as ReadContext;
const save = pictureHandlers['picture.export'];

test('a picture is written as it was drawn', async () => {
  const path = join(folder, 'a.svg');
  await save(context, { path, text: '<svg xmlns="http://www.w3.org/2000/svg"/>', format: 'svg' });
  expect(await readFile(path, 'utf8')).toBe('<svg xmlns="http://www.w3.org/2000/svg"/>');
});

test('what is no picture, and what cannot be written, is refused with what to do', async () => {
  await expect(save(context, { path: join(folder, 'b.svg'), text: 'text', format: 'svg' })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  await expect(save(context, { path: 'b.csv', text: 'a,b', format: 'csv' })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  await expect(
    save(context, { path: join(folder, 'no', 'such', 'b.csv'), text: 'a,b', format: 'csv' }),
  ).rejects.toMatchObject({ error: { code: 'unwritable_file', hint: 'Choose another folder.' } });
});
