/** Bounds what the outside can put into a row, so that one hostile span cannot break a list or a column type. */
import type { Json, JsonObject } from '#shared/json.ts';
import type { IssueRecord, SpanRecord } from '#shared/record.ts';

const NAME_LENGTH = 1_024;
/** Of attributes in a span and of items in an attribute's list: no view shows more, and each costs in every one. */
const MAX_ITEMS = 10_000;
export const ID_LENGTH = 512;
export const INT64_MAX = 2n ** 63n - 1n;

export function validId(id: string): boolean {
  return id.length > 0 && id.length <= ID_LENGTH;
}

/** The span with its names and attributes cut and its times inside 64 bits, and what was changed. Returns the same object when sound. */
export function guardSpan(span: SpanRecord): { readonly span: SpanRecord; readonly issues: readonly IssueRecord[] } {
  const changes: Partial<{ -readonly [K in keyof SpanRecord]: SpanRecord[K] }> = {};
  const issues: IssueRecord[] = [];
  for (const field of ['name', 'agent', 'model', 'tool', 'subtype', 'toolCallId'] as const) {
    const value = span[field];
    if (value === null || value.length <= NAME_LENGTH) continue;
    changes[field] = `${value.slice(0, NAME_LENGTH - 1)}…`;
    issues.push(
      issue(span, 'info', 'truncated_field', `The ${field} has ${value.length} characters; ${NAME_LENGTH} are shown.`),
    );
  }
  for (const field of ['start', 'end'] as const) {
    const value = span[field];
    if (value === null || (value >= -INT64_MAX && value <= INT64_MAX)) continue;
    changes[field] = null;
    issues.push(issue(span, 'warning', 'invalid_time', `The ${field} time is beyond 64 bits and was left out.`));
  }
  const large = largeAttributes(span.attributes);
  if (large !== null) {
    changes.attributes = cutAttributes(span.attributes);
    issues.push(issue(span, 'warning', 'truncated_field', `${large} All are in the received bytes.`));
  }
  return issues.length === 0 ? { span, issues } : { span: { ...span, ...changes }, issues };
}

/** What is too large about them; null when nothing is. */
function largeAttributes(attributes: JsonObject): string | null {
  let count = 0;
  let longest = 0;
  for (const key in attributes) {
    count++;
    const value = attributes[key];
    if (Array.isArray(value) && value.length > longest) longest = value.length;
  }
  const kept = MAX_ITEMS.toLocaleString('en-US');
  if (count > MAX_ITEMS) return `The span has ${count.toLocaleString('en-US')} attributes; the first ${kept} are kept.`;
  if (longest <= MAX_ITEMS) return null;
  return `An attribute is a list of ${longest.toLocaleString('en-US')} items; the first ${kept} are kept.`;
}

function cutAttributes(attributes: JsonObject): JsonObject {
  const entries: [string, Json][] = [];
  for (const key in attributes) {
    if (entries.length === MAX_ITEMS) break;
    const value = attributes[key];
    if (value === undefined) continue;
    entries.push([key, Array.isArray(value) && value.length > MAX_ITEMS ? value.slice(0, MAX_ITEMS) : value]);
  }
  return Object.fromEntries(entries);
}

function issue(
  span: SpanRecord,
  severity: IssueRecord['severity'],
  code: IssueRecord['code'],
  message: string,
): IssueRecord {
  return { type: 'issue', severity, code, message, traceId: span.traceId, spanId: span.spanId };
}
