/** What a person sees when the workspace cannot be opened: a window that says why and what to do, and nothing overwritten. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApp } from '../support/launch-app.ts';

test('a home that cannot be written', async () => {
  // /proc refuses everybody, root included.
  const { page, close } = await launchApp({ userData: '/proc/tracewright-nowhere' });
  await expect(page.getByText('cannot be opened').or(page.getByText('cannot be written')).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /open another workspace/i })).toBeVisible();
  await close();
});

test('a file that is no workspace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracewright-e2e-'));
  const file = join(folder, 'notes.tracewright');
  writeFileSync(file, 'Not a database. '.repeat(500));
  const before = readFileSync(file);
  const { page, close } = await launchApp({ args: ['--workspace', file] });
  await expect(page.getByText(/is not a Tracewright workspace/)).toBeVisible();
  await expect(page.getByText(/left as it is/)).toBeVisible();
  await close();
  expect(readFileSync(file).equals(before)).toBe(true);
  rmSync(folder, { recursive: true });
});
