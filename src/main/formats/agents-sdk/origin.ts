import { isJsonObject, type Json } from '#shared/json.ts';
import type { SpanOrigin } from '#shared/record.ts';

const AGENT = /\bAgents\/(JavaScript|Python)(?:[ /]([0-9][0-9A-Za-z.+-]{0,40}))?/i;

/**
 * Which SDK sent the items. The user agent tells for JavaScript (`Agents/JavaScript 0.20.0`); Python sends the one
 * of its HTTP library, so that the form of the times tells: `…Z` in milliseconds or `…+00:00` in microseconds.
 */
export function readOrigin(userAgent: string | null, items: readonly Json[]): SpanOrigin {
  const match = userAgent === null ? null : AGENT.exec(userAgent);
  const language = match?.[1]?.toLowerCase() ?? languageOf(items);
  return {
    dialect: 'agents_sdk',
    scopeName: language === null ? null : `openai-agents-${language === 'javascript' ? 'js' : language}`,
    scopeVersion: match?.[2] ?? null,
    resource: null,
  };
}

function languageOf(items: readonly Json[]): 'javascript' | 'python' | null {
  for (const item of items) {
    if (!isJsonObject(item) || typeof item.started_at !== 'string') continue;
    if (item.started_at.endsWith('Z')) return 'javascript';
    if (item.started_at.endsWith('+00:00')) return 'python';
  }
  return null;
}
