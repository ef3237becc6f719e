/** What an endpoint says of its models, when a person tests it. */
import type { EndpointTest } from '#shared/endpoint.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { parseObject, readError } from './chat.ts';
import type { ExchangeFailure, Incoming } from './exchange.ts';

const MOST_MODELS = 500;

export function listModels(answered: Result<Incoming, ExchangeFailure>, key: string | null): EndpointTest {
  if (!answered.ok) return { ok: false, message: answered.error.message, models: [] };
  const { status, text } = answered.value;
  if (status === 401 || status === 403) {
    const message = `It wants another key (${status}). ${readError(text, key).message}`.trim();
    return { ok: false, message, models: [] };
  }
  const { data } = parseObject(text) ?? {};
  if (status !== 200 || !Array.isArray(data)) {
    const message = `Something answers there (${status}), but it lists no models. If judging works, that does not matter; else check the address: most end with /v1.`;
    return { ok: false, message, models: [] };
  }
  const models = (data as readonly Json[])
    .flatMap((each) => (isJsonObject(each) && typeof each.id === 'string' ? [each.id.slice(0, 200)] : []))
    .slice(0, MOST_MODELS);
  const message =
    models.length === 0
      ? 'It answers, and has no model yet. Load one in the server first.'
      : models.length === 1
        ? 'It answers, and has 1 model.'
        : `It answers, and has ${models.length} models.`;
  return { ok: true, message, models };
}
