/** The decisions of the start-up scripts: what is missing, what has changed, what must be built. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfInputs } from './build.mjs';
import { hasTime64Names, missingPackages } from './debian-packages.mjs';
import { firstDifference } from './dependencies.mjs';
import { withholdNoise } from './launch.mjs';
import { withLock } from './lock.mjs';

describe('firstDifference', () => {
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };

  it('accepts optional packages that are absent', () => {
    expect(firstDifference(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBeNull();
  });

  it('names a package that is absent or of another version', () => {
    expect(firstDifference(wanted, {})).toBe('a');
    expect(firstDifference(wanted, { 'node_modules/a': { version: '1.0.1' } })).toBe('a');
    const installed = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } };
    expect(firstDifference(wanted, installed)).toBe('b');
  });
});

describe('missingPackages', () => {
  const wanted = ['libgtk-3-0|libgtk-3-0t64', 'xvfb'];

  it('accepts either name and asks for the one of this release', () => {
    expect(missingPackages(wanted, new Set(['libgtk-3-0t64']), false)).toEqual(['xvfb']);
    expect(missingPackages(wanted, new Set(), false)).toEqual(['libgtk-3-0', 'xvfb']);
    expect(missingPackages(wanted, new Set(), true)).toEqual(['libgtk-3-0t64', 'xvfb']);
  });

  it('knows the releases that renamed packages', () => {
    expect(hasTime64Names('ID=debian\nVERSION_ID="12"\n')).toBe(false);
    expect(hasTime64Names('ID=debian\nVERSION_ID="13"\n')).toBe(true);
    expect(hasTime64Names('ID=ubuntu\nVERSION_ID="24.04"\n')).toBe(true);
  });
});

describe('with files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracewright-setup-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('hashes contents and names, not times and not tests', () => {
    mkdirSync(join(folder, 'src'));
    const file = join(folder, 'src', 'a.ts');
    writeFileSync(file, 'one');
    const before = hashOfInputs(folder, ['src', 'absent']);
    writeFileSync(file, 'one');
    writeFileSync(join(folder, 'src', 'a.test.ts'), 'a test');
    expect(hashOfInputs(folder, ['src', 'absent'])).toBe(before);
    writeFileSync(file, 'two');
    expect(hashOfInputs(folder, ['src', 'absent'])).not.toBe(before);
  });

  it('lets one at a time through a lock, and takes over one whose owner is gone', async () => {
    const lock = join(folder, 'lock');
    // No process has this id: it is above the largest that Linux gives.
    writeFileSync(lock, '99999999');
    const order: string[] = [];
    async function work(name: string): Promise<void> {
      order.push(`${name} in`);
      await Promise.resolve();
      order.push(`${name} out`);
    }
    await Promise.all([withLock(lock, () => work('a')), withLock(lock, () => work('b'))]);
    expect(order).toHaveLength(4);
    expect(order[0]?.at(0)).toBe(order[1]?.at(0));
  });
});

it("passes on what the app prints and withholds Chromium's complaints", async () => {
  const printed: string[] = [];
  const noise = '[9926:1121/202749.864097:ERROR:shared_image_interface_proxy.cc(134)] Buffer handle is null.';
  const stream = Readable.from([`${noise}\nTypeError: real\n`]);
  const withheld = withholdNoise(stream, (line) => printed.push(line));
  await expect.poll(() => printed).toEqual(['TypeError: real']);
  expect(withheld).toEqual([noise]);
});
