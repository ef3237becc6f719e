/** Where the requests of an endpoint go, and with which headers. */
import type { EndpointDraft } from '#shared/endpoint.ts';

export type EndpointInUse = EndpointDraft & {
  readonly id: string;
  /** On this computer, or confirmed by its user. Nothing is sent otherwise. */
  readonly confirmed: boolean;
};

/** Id of the one that a command was told of with options, and that no workspace keeps. */
export const TOLD_ENDPOINT = '--judge-url';

export type Operation = 'chat/completions' | 'embeddings' | 'models';

export function addressOf(endpoint: EndpointInUse, operation: Operation, model: string): string {
  const { baseUrl, style, apiVersion } = endpoint;
  if (style === 'openai') return `${baseUrl}/${operation}`;
  const path = operation === 'models' ? operation : `deployments/${encodeURIComponent(model)}/${operation}`;
  return `${baseUrl}/openai/${path}?api-version=${encodeURIComponent(apiVersion ?? '')}`;
}

export function headersOf(endpoint: EndpointInUse, key: string | null): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'Tracewright' };
  if (endpoint.style === 'azure') headers['api-version'] = endpoint.apiVersion ?? '';
  if (key !== null) {
    if (endpoint.style === 'azure') headers['api-key'] = key;
    else headers.authorization = `Bearer ${key}`;
  }
  return headers;
}
