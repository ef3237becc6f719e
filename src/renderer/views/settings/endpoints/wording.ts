/** What is said of judge endpoints and of requests to them. */
import type { JudgeEndpoint, OutboundPurpose } from '#shared/endpoint.ts';

export const KEY_WORDS = {
  keychain: 'key in the system keychain',
  session: 'key until the app is closed',
  environment: 'key from the environment',
} as const;

export const PURPOSE_WORDS: Readonly<Record<OutboundPurpose, string>> = {
  judge: 'Judge',
  embed: 'Embeddings',
  models: 'List of models',
};

export function hostOf({ baseUrl }: Pick<JudgeEndpoint, 'baseUrl'>): string {
  return URL.parse(baseUrl)?.host ?? baseUrl;
}

/** Where the key came from, or that the one that is wanted is not there; null = there is nothing to say. */
export function keyWords({ keyPlace, apiKeyEnv, loopback }: JudgeEndpoint): string | null {
  if (keyPlace !== null) return KEY_WORDS[keyPlace];
  if (apiKeyEnv !== null) return `${apiKeyEnv} is not set`;
  return loopback ? null : 'no key';
}
