import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { SpanOrigin } from '#shared/record.ts';
import { isDeeperThan } from '../messages/json-text.ts';

const AGENT = /\bAgents\/(JavaScript|Python)(?:[ /]([0-9][0-9A-Za-z.+-]{0,40}))?/i;

/**
 * Which SDK sent the items. The user agent tells for JavaScript (`Agents/JavaScript 0.20.0`); Python sends the one
 * of its HTTP library, so that the form of the times tells: `…Z` in milliseconds or `…+00:00` in microseconds.
 */
export function readOrigin(
  userAgent: string | null,
  bodies: readonly { readonly items: readonly Json[] }[],
): SpanOrigin {
  const match = userAgent === null ? null : AGENT.exec(userAgent);
  const language = match?.[1]?.toLowerCase() ?? languageOf(bodies);
  return {
    dialect: 'agents_sdk',
    scopeName: language === null ? null : `openai-agents-${language === 'javascript' ? 'js' : language}`,
    scopeVersion: match?.[2] ?? null,
    resource: null,
  };
}

/** More says a hostile sender only. */
const MAX_RESOURCE_CHARACTERS = 16_384;
const MAX_RESOURCE_DEPTH = 8;

/** Gives the origin of each body's items: the same object for all bodies of one process. */
export function originsByProcess(base: SpanOrigin): (resource: JsonObject | null) => SpanOrigin {
  const known = new Map<string, SpanOrigin>();
  return (resource) => {
    if (resource === null || isDeeperThan(resource, MAX_RESOURCE_DEPTH)) return base;
    const text = JSON.stringify(resource);
    if (text.length > MAX_RESOURCE_CHARACTERS) return base;
    const found = known.get(text) ?? { ...base, resource };
    known.set(text, found);
    return found;
  };
}

function languageOf(bodies: readonly { readonly items: readonly Json[] }[]): 'javascript' | 'python' | null {
  for (const { items } of bodies) {
    for (const item of items) {
      if (!isJsonObject(item) || typeof item.started_at !== 'string') continue;
      if (item.started_at.endsWith('Z')) return 'javascript';
      if (item.started_at.endsWith('+00:00')) return 'python';
    }
  }
  return null;
}
