/** Bounds what the outside can put into a row, so that one hostile span cannot break a list or a column type. */
import type { IssueRecord, SpanRecord } from '#shared/record.ts';

const NAME_LENGTH = 1_024;
export const ID_LENGTH = 512;
export const INT64_MAX = 2n ** 63n - 1n;

export function validId(id: string): boolean {
  return id.length > 0 && id.length <= ID_LENGTH;
}

/** The span with its names cut and its times inside 64 bits, and what was changed. Returns the same object when sound. */
export function guardSpan(span: SpanRecord): { readonly span: SpanRecord; readonly issues: readonly IssueRecord[] } {
  const changes: Partial<{ -readonly [K in keyof SpanRecord]: SpanRecord[K] }> = {};
  const issues: IssueRecord[] = [];
  for (const field of ['name', 'agent', 'model', 'tool', 'subtype', 'toolCallId'] as const) {
    const value = span[field];
    if (value === null || value.length <= NAME_LENGTH) continue;
    changes[field] = `${value.slice(0, NAME_LENGTH)}…`;
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
  return issues.length === 0 ? { span, issues } : { span: { ...span, ...changes }, issues };
}

function issue(
  span: SpanRecord,
  severity: IssueRecord['severity'],
  code: IssueRecord['code'],
  message: string,
): IssueRecord {
  return { type: 'issue', severity, code, message, traceId: span.traceId, spanId: span.spanId };
}
