/** What became of everything that was received: counts that the derivation writes, and the items behind each. */
import type { LedgerCounts, LedgerItem, LedgerKind, LedgerPage } from '#shared/ledger.ts';
import type { Reader, SqlValue, Writer } from './database.ts';

/** A span counts as late when it arrives this long after the root of its trace (milliseconds). */
const LATE_MS = 10_000;

export type DerivedLedger = {
  readonly received: number;
  readonly understood: number;
  readonly guessed: number;
  readonly late: number;
  readonly orphaned: number;
  readonly skewed: number;
};

export function writeLedger(writer: Writer, traceKey: number, counts: DerivedLedger): void {
  writer.run(
    `INSERT OR REPLACE INTO trace_ledger (trace_key, received, understood, guessed, late, orphaned, skewed)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [traceKey, counts.received, counts.understood, counts.guessed, counts.late, counts.orphaned, counts.skewed],
  );
}

/** Notes that a span, or with '' a whole request, was sent again. */
export function noteResend(writer: Writer, traceKey: number, spanId: string, rawKey: number, receivedAt: number): void {
  writer.run(
    `INSERT INTO resend (trace_key, span_id, times, raw_key, received_at) VALUES (?, ?, 1, ?, ?)
     ON CONFLICT (trace_key, span_id, raw_key) DO UPDATE SET times = times + 1, received_at = excluded.received_at`,
    [traceKey, spanId, rawKey, receivedAt],
  );
}

/** Only what a program sent can be late: files have no time of arrival that means anything. */
export function countLate(reader: Reader, traceKey: number): number {
  const arrived = reader.get<{ root: number | null; last: number }>(
    `SELECT last_received AS last, (SELECT min(r.received_at) FROM span s JOIN raw r USING (raw_key)
        WHERE s.trace_key = t.trace_key AND s.parent_id IS NULL) AS root
       FROM trace t WHERE trace_key = ? AND last_received - first_received > ?`,
    [traceKey, LATE_MS],
  );
  if (!arrived || arrived.root === null || arrived.last <= arrived.root + LATE_MS) return 0;
  return (
    reader.get<{ late: number }>(
      `SELECT count(*) AS late FROM span WHERE trace_key = ? AND raw_key IN
         (SELECT raw_key FROM raw_trace JOIN raw USING (raw_key) WHERE trace_key = ? AND name IS NULL AND received_at > ?)`,
      [traceKey, traceKey, arrived.root + LATE_MS],
    )?.late ?? 0
  );
}

/** The codes of `IssueRecord` that each of these kinds is about; dropped is what has severity error. */
const CODES = {
  unmapped: ['unmapped_field', 'unknown_item'],
  truncated: ['truncated_field', 'too_many_parts', 'too_deep'],
} as const;

export function ledgerCounts(reader: Reader, traceKey: number | null): LedgerCounts {
  const [where, params] = traceKey === null ? ['', []] : ['WHERE trace_key = ?', [traceKey]];
  const derived = reader.get<Record<string, number | null>>(
    `SELECT sum(received) AS received, sum(understood) AS understood, sum(guessed) AS guessed, sum(late) AS late,
       sum(orphaned) AS orphaned, sum(skewed) AS skewed FROM trace_ledger ${where}`,
    params,
  );
  const issues = reader.get<Record<string, number | null>>(
    `SELECT sum(severity = 'error') AS dropped, sum(severity <> 'error' AND code IN (${quoted(CODES.unmapped)})) AS unmapped,
       sum(severity <> 'error' AND code IN (${quoted(CODES.truncated)})) AS truncated FROM issue ${where}`,
    params,
  );
  const again = reader.get<{ duplicated: number | null; spans: number | null }>(
    `SELECT sum(times) AS duplicated, sum(CASE WHEN span_id <> '' THEN times END) AS spans FROM resend ${where}`,
    params,
  );
  return {
    received: (derived?.['received'] ?? 0) + (again?.spans ?? 0) + (issues?.['dropped'] ?? 0),
    understood: derived?.['understood'] ?? 0,
    guessed: derived?.['guessed'] ?? 0,
    unmapped: issues?.['unmapped'] ?? 0,
    dropped: issues?.['dropped'] ?? 0,
    late: derived?.['late'] ?? 0,
    orphaned: derived?.['orphaned'] ?? 0,
    duplicated: again?.duplicated ?? 0,
    truncated: issues?.['truncated'] ?? 0,
    skewed: derived?.['skewed'] ?? 0,
  };
}

function quoted(codes: readonly string[]): string {
  return codes.map((code) => `'${code}'`).join(', ');
}

type ItemRow = {
  readonly trace_id: string | null;
  readonly span_id: string | null;
  readonly label: string;
  readonly detail: string | null;
  readonly raw_key: number | null;
  readonly received_at: number | null;
};

const SPAN_ITEM = `SELECT t.trace_id, s.span_id, s.name AS label, NULL AS detail, s.raw_key, r.received_at`;
const SPAN_FROM = `FROM trace t JOIN span s USING (trace_key) JOIN raw r ON r.raw_key = s.raw_key`;
const GUESSED_ORIGIN = `(SELECT origin_key FROM origin WHERE dialect IN ('generic', 'messages'))`;
const ISSUE_ITEM = `SELECT t.trace_id, i.span_id, i.message AS label, i.detail, i.raw_key, i.received_at
  FROM issue i LEFT JOIN trace t USING (trace_key)`;

/** One page of what is behind a count, in order of storing. Only traces that the derivation counted are looked into. */
export function ledgerItems(
  reader: Reader,
  kind: LedgerKind,
  traceKey: number | null,
  page: { readonly limit: number; readonly offset: number },
): LedgerPage {
  const total = ledgerCounts(reader, traceKey)[kind];
  const rows = reader.all<ItemRow>(`${itemQuery(kind, traceKey !== null)} LIMIT ? OFFSET ?`, [
    ...((traceKey === null ? [] : [traceKey]) satisfies SqlValue[]),
    page.limit,
    page.offset,
  ]);
  const items = rows.map((row): LedgerItem => ({
    traceId: row.trace_id,
    spanId: row.span_id,
    label: row.label,
    detail: row.detail,
    rawKey: row.raw_key,
    receivedAt: row.received_at,
  }));
  return { items, total };
}

function itemQuery(kind: LedgerKind, ofOneTrace: boolean): string {
  const one = ofOneTrace ? 'AND t.trace_key = ?' : '';
  const counted = `t.trace_key IN (SELECT trace_key FROM trace_ledger WHERE ${kind} > 0)`;
  switch (kind) {
    case 'received':
    case 'understood':
      return `${SPAN_ITEM} ${SPAN_FROM} WHERE s.origin_key NOT IN ${kind === 'received' ? "(SELECT origin_key FROM origin WHERE dialect = 'messages')" : GUESSED_ORIGIN} ${one}`;
    case 'guessed':
      return `${SPAN_ITEM} ${SPAN_FROM} WHERE ${counted} AND s.origin_key IN ${GUESSED_ORIGIN} ${one}`;
    case 'orphaned':
      return `${SPAN_ITEM} ${SPAN_FROM} WHERE ${counted} AND s.parent_id IS NOT NULL
        AND s.origin_key NOT IN (SELECT origin_key FROM origin WHERE dialect = 'messages')
        AND NOT EXISTS (SELECT 1 FROM span p WHERE p.trace_key = s.trace_key AND p.span_id = s.parent_id) ${one}`;
    case 'skewed':
      return `${SPAN_ITEM} ${SPAN_FROM} LEFT JOIN span p ON p.trace_key = s.trace_key AND p.span_id = s.parent_id
        WHERE ${counted} AND (s.end_ns < s.start_ns OR s.start_ns < p.start_ns - 2000000) ${one}`;
    case 'late':
      return `WITH root AS (SELECT t.trace_key, min(r.received_at) AS at FROM trace t JOIN span s USING (trace_key) JOIN raw r USING (raw_key)
          WHERE ${counted} AND s.parent_id IS NULL ${one} GROUP BY 1)
        ${SPAN_ITEM} ${SPAN_FROM} JOIN root ON root.trace_key = t.trace_key
        WHERE r.name IS NULL AND r.received_at > root.at + ${LATE_MS}`;
    case 'duplicated':
      return `SELECT t.trace_id, nullif(d.span_id, '') AS span_id,
          CASE d.span_id WHEN '' THEN 'A whole request' ELSE coalesce(s.name, 'A span') END || ', sent again' ||
            CASE d.times WHEN 1 THEN '' ELSE ' ' || d.times || ' times' END AS label,
          NULL AS detail, d.raw_key, d.received_at
        FROM resend d JOIN trace t USING (trace_key) LEFT JOIN span s ON s.trace_key = d.trace_key AND s.span_id = d.span_id
        WHERE 1 ${one}`;
    case 'dropped':
      return `${ISSUE_ITEM} WHERE i.severity = 'error' ${one}`;
    case 'unmapped':
    case 'truncated':
      return `${ISSUE_ITEM} WHERE i.severity <> 'error' AND i.code IN (${quoted(CODES[kind])}) ${one}`;
  }
}
