import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Keychain } from './endpoint-keys.ts';
import { createEndpointKeys } from './endpoint-keys.ts';

function keyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'inner', 'endpoint-keys.json');
}

/** Turns texts around, which is enough to see that they do not lie there as they are. */
function keychain(changes: Partial<Keychain> = {}): Keychain {
  return {
    isEncryptionAvailable: () => true,
    encryptString: (text) => Buffer.from([...text].reverse().join('')),
    decryptString: (bytes) => [...bytes.toString()].reverse().join(''),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    ...changes,
  };
}

const ORIGIN = 'https://api.example.com';
const KEY = 'sk-very-secret-123';

test('a key is kept encrypted, comes back, and goes', () => {
  const file = keyFile();
  const entry = createEndpointKeys(file, keychain()).set('e1', ORIGIN, KEY);
  expect(entry).toEqual({ endpointId: 'e1', origin: ORIGIN, key: KEY, place: 'keychain' });
  expect(readFileSync(file, 'utf8')).not.toContain(KEY);
  expect(statSync(file).mode & 0o077).toBe(0);
  const later = createEndpointKeys(file, keychain());
  expect(later.all()).toEqual([entry]);
  expect(later.set('e1', ORIGIN, null).key).toBeNull();
  expect(createEndpointKeys(file, keychain()).all()).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe('{}');
});

test.each<[string, Partial<Keychain>]>([
  ['no keychain', { isEncryptionAvailable: () => false }],
  ['a keychain that is none', { getSelectedStorageBackend: () => 'basic_text' }],
])('with %s, a key is kept in memory alone', (_name, changes) => {
  const file = keyFile();
  const keys = createEndpointKeys(file, keychain(changes), 'linux');
  expect(keys.set('e1', ORIGIN, KEY).place).toBe('session');
  expect(keys.all()).toHaveLength(1);
  expect(() => readFileSync(file)).toThrow();
  expect(createEndpointKeys(file, keychain(changes), 'linux').all()).toEqual([]);
});

test('what cannot be read is as if it were not there', () => {
  const file = keyFile();
  createEndpointKeys(file, keychain()).set('e1', ORIGIN, KEY);
  const broken = keychain({
    decryptString: () => {
      throw new Error('not yours');
    },
  });
  expect(createEndpointKeys(file, broken).all()).toEqual([]);
  writeFileSync(file, '{"e1":7,"e2":{"origin":1}}');
  expect(createEndpointKeys(file, keychain()).all()).toEqual([]);
});
