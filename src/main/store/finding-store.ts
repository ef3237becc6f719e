/** What is kept of the findings of traces, which traces are still to be looked at, and a person's settings of detectors. */
import type { FindingCount, FindingSummary } from '#shared/detect.ts';
import { SEVERITIES } from '#shared/detect.ts';
import type { Reader, Writer } from './database.ts';

const EDITS = 'detectors.edits';
const MADE_WITH = 'detectors.made_with';

/** JSON of `DetectorEdits`; null without edits. */
export function readDetectorEdits(reader: Reader): string | null {
  return readSetting(reader, EDITS);
}

export function writeDetectorEdits(writer: Writer, edits: string | null): void {
  writeSetting(writer, EDITS, edits);
}

/** Fingerprint of the rules that every trace which is not due was looked at with. */
export function readRulesInUse(reader: Reader): string | null {
  return readSetting(reader, MADE_WITH);
}

/** Other rules: each trace is to be looked at again. What was found before is shown until then. */
export function writeRulesInUse(writer: Writer, fingerprint: string): void {
  writeSetting(writer, MADE_WITH, fingerprint);
  writer.run('INSERT OR IGNORE INTO finding_due (trace_key) SELECT trace_key FROM trace');
}

/** To be called whenever the spans of a trace are others. */
export function markFindingsDue(writer: Writer, traceKey: number): void {
  writer.run('INSERT OR IGNORE INTO finding_due (trace_key) VALUES (?)', [traceKey]);
}

export function countFindingsDue(reader: Reader): number {
  return reader.get<{ n: number }>('SELECT count(*) AS n FROM finding_due')?.n ?? 0;
}

export type DueTrace = { readonly traceKey: number; readonly traceId: string };

/** A trace of 100,000 spans is looked at when it has been quiet for ten seconds more than a small one. */
const SPANS_A_MS = 10;

/**
 * Those that are due and derived, the newest first.
 * @param quietSince epoch milliseconds; what was received later may go on. Infinity = all.
 */
export function nextFindingsDue(reader: Reader, quietSince: number, limit: number): DueTrace[] {
  return reader.all(
    `SELECT d.trace_key AS traceKey, t.trace_id AS traceId FROM finding_due d JOIN trace t USING (trace_key)
     WHERE t.dirty = 0 AND t.last_received + min(t.spans, 100000) / ${SPANS_A_MS} <= ? ORDER BY d.trace_key DESC LIMIT ?`,
    [Math.min(quietSince, Number.MAX_SAFE_INTEGER), limit],
  );
}

/** False when the trace or the rules are others by now, so that it is still due. */
export function writeFindings(writer: Writer, traceKey: number, { revision, rules, found }: FindingSummary): boolean {
  const trace = writer.get<{ revision: number }>('SELECT revision FROM trace WHERE trace_key = ? AND dirty = 0', [
    traceKey,
  ]);
  if (trace?.revision !== revision || readRulesInUse(writer) !== rules) return false;
  writer.run('DELETE FROM finding WHERE trace_key = ?', [traceKey]);
  for (const { detector, severity, count } of found)
    writer.run('INSERT INTO finding (trace_key, detector, severity, findings) VALUES (?, ?, ?, ?)', [
      traceKey,
      detector,
      severity,
      count,
    ]);
  dropFindingsDue(writer, traceKey);
  return true;
}

export function dropFindingsDue(writer: Writer, traceKey: number): void {
  writer.run('DELETE FROM finding_due WHERE trace_key = ?', [traceKey]);
}

export function deleteFindings(writer: Writer, traceKey: number): void {
  writer.run('DELETE FROM finding WHERE trace_key = ?', [traceKey]);
  dropFindingsDue(writer, traceKey);
}

/** Columns of a query over `trace t`, to be read by `findingsOf`. */
export const FINDING_COLUMNS = `(SELECT json_group_array(json_array(detector, severity, findings)) FROM finding f WHERE f.trace_key = t.trace_key) AS found,
  EXISTS (SELECT 1 FROM finding_due d WHERE d.trace_key = t.trace_key) AS found_due`;

export type StoredFindings = { readonly found: string; readonly found_due: number };

/** The worst first; null where the trace was not looked at yet. */
export function findingsOf({ found, found_due }: StoredFindings): FindingCount[] | null {
  const counts = (JSON.parse(found) as [string, FindingCount['severity'], number][]).map(
    ([detector, severity, count]): FindingCount => ({ detector, severity, count }),
  );
  if (counts.length === 0 && found_due !== 0) return null;
  return counts.sort(compareCounts);
}

function compareCounts(a: FindingCount, b: FindingCount): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.count - a.count ||
    (a.detector < b.detector ? -1 : 1)
  );
}

function readSetting(reader: Reader, key: string): string | null {
  return reader.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', [key])?.value ?? null;
}

function writeSetting(writer: Writer, key: string, value: string | null): void {
  if (value === null) writer.run('DELETE FROM setting WHERE key = ?', [key]);
  else
    writer.run(
      'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      [key, value],
    );
}
