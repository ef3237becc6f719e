import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanOrigin } from '#shared/record.ts';
import { readContent } from '../messages/index.ts';
import { readJsonContainer } from '../messages/json-text.ts';

export function makeOrigin(
  dialect: string,
  scope?: { readonly name: string; readonly version: string | null },
): SpanOrigin {
  return { dialect, scopeName: scope?.name ?? null, scopeVersion: scope?.version ?? null, resource: null };
}

/** What somebody said, as one message; content that is no text is read in whatever dialect it is. */
export function saying(role: string, content: Json | undefined): ContentItem[] {
  if (typeof content !== 'string') return readContent(content, { role });
  return content === '' ? [] : [{ kind: 'message', role, parts: [{ type: 'text', content }] }];
}

/** Arguments or result of a tool: JSON where the text is JSON, else the text as it is. */
export function toolContent(value: Json | undefined): ContentItem[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'string') return [{ kind: 'json', value }];
  const parsed = readJsonContainer(value);
  return [parsed === undefined ? { kind: 'text', text: value } : { kind: 'json', value: parsed }];
}

/** Text short enough for a name, its first line. */
export function titleOf(text: string): string {
  const line = text.slice(0, 400).trim().split(/\r?\n/, 1)[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
