import { createHash } from 'node:crypto';
import type { IssueRecord } from '#shared/record.ts';
import type { Writer } from './database.ts';

const DETAIL_LENGTH = 65_536;

/** One row of the ingest ledger; the same issue twice is one row. */
export function putIssue(
  writer: Writer,
  issue: Omit<IssueRecord, 'code'> & { readonly code: string },
  traceKey: number | null,
  rawKey: number | null,
  receivedAt: number,
): void {
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([issue.code, issue.traceId ?? null, issue.spanId ?? null, issue.message, issue.detail ?? null]),
    )
    .digest()
    .subarray(0, 16);
  writer.run(
    `INSERT INTO issue (fingerprint, severity, code, message, trace_key, span_id, detail, raw_key, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING`,
    [
      fingerprint,
      issue.severity,
      issue.code,
      issue.message,
      traceKey,
      issue.spanId ?? null,
      issue.detail?.slice(0, DETAIL_LENGTH) ?? null,
      rawKey,
      receivedAt,
    ],
  );
}
