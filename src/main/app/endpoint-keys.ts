/**
 * Keys of judge endpoints. The system's keychain guards them: the file holds what it encrypted, and nothing else of the
 * app ever writes them down. Where there is no keychain they are kept until the app is closed. Each is bound to the origin
 * that it was entered for, so that a workspace cannot have it sent elsewhere.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JudgeKey } from '#shared/rpc/host.ts';
import { readJsonFile } from './json-file.ts';

/** The part of Electron's safeStorage that is used. */
export type Keychain = {
  readonly isEncryptionAvailable: () => boolean;
  readonly encryptString: (text: string) => Buffer;
  readonly decryptString: (encrypted: Buffer) => string;
  /** On Linux: `basic_text` is no keychain, but a password that everyone knows. */
  readonly getSelectedStorageBackend?: () => string;
};

export type EndpointKeys = {
  /** All that are known, for an engine that starts. */
  readonly all: () => readonly JudgeKey[];
  /** Null takes a key away. Answers what the engine is to be told. */
  readonly set: (endpointId: string, origin: string, key: string | null) => JudgeKey;
};

type Kept = { readonly origin: string; readonly cipher: string };

export function createEndpointKeys(file: string, keychain: Keychain, platform = process.platform): EndpointKeys {
  const session = new Map<string, JudgeKey>();

  /** Asked only when there is a key: a keychain may ask the user to unlock it. */
  function isGuarded(): boolean {
    return (
      keychain.isEncryptionAvailable() &&
      (platform !== 'linux' || keychain.getSelectedStorageBackend?.() !== 'basic_text')
    );
  }

  function read(): Record<string, Kept> {
    return Object.fromEntries(
      Object.entries(readJsonFile(file)).filter((entry): entry is [string, Kept] => isKept(entry[1])),
    );
  }

  function write(kept: Readonly<Record<string, Kept>>): boolean {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.partial`, JSON.stringify(kept), { mode: 0o600 });
      renameSync(`${file}.partial`, file);
      return true;
    } catch {
      return false;
    }
  }

  function decrypt(endpointId: string, { origin, cipher }: Kept): JudgeKey | null {
    try {
      const key = keychain.decryptString(Buffer.from(cipher, 'base64'));
      return { endpointId, origin, key, place: 'keychain' };
    } catch {
      // Of another user or computer, or a keychain that was reset: the person enters it again.
      return null;
    }
  }

  return {
    all() {
      const entries = Object.entries(read());
      const kept = entries.length > 0 && isGuarded() ? entries.map(([id, each]) => decrypt(id, each)) : [];
      return [...kept.filter((each) => each !== null), ...session.values()];
    },
    set(endpointId, origin, key) {
      session.delete(endpointId);
      const kept = read();
      const had = Object.hasOwn(kept, endpointId);
      delete kept[endpointId];
      if (key !== null && isGuarded()) {
        const cipher = keychain.encryptString(key).toString('base64');
        if (write({ ...kept, [endpointId]: { origin, cipher } })) return { endpointId, origin, key, place: 'keychain' };
      }
      if (had) write(kept);
      const entry: JudgeKey = { endpointId, origin, key, place: 'session' };
      if (key !== null) session.set(endpointId, entry);
      return entry;
    },
  };
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    'origin' in value &&
    typeof value.origin === 'string' &&
    'cipher' in value &&
    typeof value.cipher === 'string'
  );
}
