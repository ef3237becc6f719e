/**
 * Keys of endpoints, in memory only. They come from the desktop's keychain (the host hands them in) or from the
 * environment, and a key goes to the origin that it was given for and to no other.
 */
import type { KeyPlace } from '#shared/endpoint.ts';

export type KeyEntry = {
  readonly endpointId: string;
  /** Scheme, host and port that the key is for. */
  readonly origin: string;
  /** Null takes it away. */
  readonly key: string | null;
  readonly place: Exclude<KeyPlace, 'environment'>;
};

export type KeyRing = {
  readonly set: (entry: KeyEntry) => void;
  readonly find: (endpoint: {
    readonly id: string;
    readonly baseUrl: string;
    readonly apiKeyEnv: string | null;
  }) => { readonly key: string; readonly place: KeyPlace } | null;
};

export function createKeyRing(env: Readonly<Record<string, string | undefined>>): KeyRing {
  const entries = new Map<string, KeyEntry>();
  return {
    set(entry) {
      if (entry.key === null) entries.delete(entry.endpointId);
      else entries.set(entry.endpointId, entry);
    },
    find({ id, baseUrl, apiKeyEnv }) {
      const entry = entries.get(id);
      if (entry && entry.key !== null && entry.origin === new URL(baseUrl).origin)
        return { key: entry.key, place: entry.place };
      const told = apiKeyEnv === null ? undefined : env[apiKeyEnv];
      return told ? { key: told, place: 'environment' } : null;
    },
  };
}
