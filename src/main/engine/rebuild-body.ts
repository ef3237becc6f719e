/** One kept body on its way through a rebuild: decoded again, or left as it is and said so. */
import type { DecoderFormat } from '#shared/format.ts';
import type { NormalisedRecord, TraceRecord } from '#shared/record.ts';
import type { AppError } from '#shared/result.ts';
import { formats } from '../formats/registry.ts';
import type { Writer } from '../store/database.ts';
import { putIssue } from '../store/issue-writer.ts';
import type { KeptBody } from '../store/rebuild-store.ts';
import { factsBefore } from '../store/rebuild-store.ts';
import { createTraceWriter } from '../store/trace-writer.ts';
import { decodeBody, sourceOf } from './receive.ts';

export type Again =
  | { readonly ok: true; readonly records: readonly NormalisedRecord[]; readonly source: string }
  | { readonly ok: false; readonly error: AppError };

/** Null when the bytes are gone. */
export function decodeAgain(body: KeptBody, read: (rawKey: number) => Uint8Array | null): Again | null {
  const bytes = read(body.raw_key);
  if (!bytes) return null;
  const format = formats.find((each): each is DecoderFormat => each.id === body.format && each.type === 'decoder');
  if (!format) return { ok: false, error: { code: 'unsupported_format', message: `no format "${body.format}"` } };
  const decoded = decodeBody(format, {
    name: body.name,
    contentType: body.content_type,
    userAgent: body.user_agent,
    bytes,
  });
  if (!decoded.ok) return decoded;
  return { ok: true, records: decoded.value.records, source: sourceOf(format, body.user_agent) };
}

/** What is of no trace always is. */
export function isWanted(record: NormalisedRecord, traceIds: ReadonlySet<string>): boolean {
  // Counters belong to no trace and are stored as they came: nothing of them is derived.
  if (record.type === 'metric') return false;
  return record.traceId === undefined || traceIds.has(record.traceId);
}

/** A trace with a body that is not decoded again keeps, beside what the others say, the facts that it had. */
export function restoreFacts(writer: Writer, traceKey: number): void {
  const stored = factsBefore(writer, traceKey);
  if (stored === null) return;
  const { name, workflow, user_id, session_id, metadata, tags } = JSON.parse(stored) as Record<string, string | null>;
  const record: TraceRecord = {
    type: 'trace',
    traceId: '',
    ...(name ? { name } : {}),
    ...(workflow ? { workflow } : {}),
    ...(user_id ? { userId: user_id } : {}),
    ...(session_id ? { sessionId: session_id } : {}),
    ...(metadata ? { metadata: JSON.parse(metadata) as NonNullable<TraceRecord['metadata']> } : {}),
    ...(tags ? { tags: JSON.parse(tags) as readonly string[] } : {}),
  };
  createTraceWriter().applyFacts(writer, traceKey, record);
}

export function noteKept(writer: Writer, traceKey: number, rawKey: number, error: AppError | null): void {
  putIssue(
    writer,
    {
      type: 'issue',
      severity: 'warning',
      code: 'not_rebuilt',
      message: error
        ? `A received body of this trace could not be decoded again (${error.message}); what came from it stays as it was.`
        : 'A received body of this trace is gone; what came from it stays as it was.',
      traceId: String(traceKey),
    },
    traceKey,
    rawKey,
    Date.now(),
  );
}

export function noteStaying(writer: Writer, traceKey: number, spans: number): void {
  putIssue(
    writer,
    {
      type: 'issue',
      severity: 'info',
      code: 'not_rebuilt',
      message: `${spans} spans of this trace stay as they were: the bytes that they came in are gone.`,
      traceId: String(traceKey),
    },
    traceKey,
    null,
    Date.now(),
  );
}
