/**
 * Two tables for spreadsheets: `traces.csv`, one line a trace, and `scores.csv`, one line a score. RFC 4180: CRLF, quotes
 * where needed, UTF-8. Times are ISO 8601 UTC, durations milliseconds, money USD; what is not known is empty. A text that a
 * spreadsheet would take for a formula gets a ' in front, because trace content is anybody's.
 */
import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
import type { ScoreRecord } from '#shared/record.ts';
import { nsToIso } from '#shared/time.ts';
import type { TraceRow } from '#shared/trace.ts';

export const csvExport: ExportFormat = {
  id: 'csv',
  label: 'CSV tables',
  about: 'traces.csv and scores.csv for spreadsheets and notebooks: totals and verdicts, no contents.',
  extension: '',
  layout: 'folder',
  media: 'text/csv',
  write,
};

type Cell = string | number | boolean | null;
type Columns<T> = readonly (readonly [head: string, cell: (value: T) => Cell])[];

/** Lists are joined with `; `. */
const TRACE_COLUMNS: Columns<TraceRow> = [
  ['id', (row) => row.id],
  ['name', (row) => row.name],
  ['workflow', (row) => row.workflow],
  ['session', (row) => row.session],
  ['user', (row) => row.user],
  ['status', (row) => row.status],
  ['started_at', (row) => (row.startNs === null ? null : nsToIso(BigInt(row.startNs)))],
  ['duration_ms', (row) => (row.durationNs === null ? null : row.durationNs / 1e6)],
  ['spans', (row) => row.spans],
  ['errors', (row) => row.errors],
  ['agents', (row) => row.agents.join('; ')],
  ['tools', (row) => row.tools.join('; ')],
  ['models', (row) => row.models.join('; ')],
  ['input_tokens', (row) => row.tokens.input],
  ['output_tokens', (row) => row.tokens.output],
  ['cache_read_tokens', (row) => row.tokens.cacheRead],
  ['cache_write_tokens', (row) => row.tokens.cacheWrite],
  ['reasoning_tokens', (row) => row.tokens.reasoning],
  ['cost_usd', (row) => row.cost],
  ['source', (row) => row.source],
  ['dialect', (row) => row.dialect],
  ['tags', (row) => row.tags.join('; ')],
  ['issues', (row) => row.issues],
];

const SCORE_COLUMNS: Columns<ScoreRecord> = [
  ['trace_id', (score) => score.traceId],
  ['span_id', (score) => score.spanId],
  ['name', (score) => score.name],
  ['value', (score) => score.value],
  ['label', (score) => score.label],
  ['passed', (score) => score.passed],
  ['explanation', (score) => score.explanation],
  ['source', (score) => score.source],
];

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  yield piece('traces.csv', heads(TRACE_COLUMNS));
  yield piece('scores.csv', heads(SCORE_COLUMNS));
  for (const { row, scores } of traces) {
    yield piece('traces.csv', cells(TRACE_COLUMNS, row));
    for (const score of scores) yield piece('scores.csv', cells(SCORE_COLUMNS, score));
  }
}

function piece(path: string, texts: readonly Cell[]): ExportPiece {
  return { type: 'text', path, text: `${texts.map(cellText).join(',')}\r\n` };
}

function heads<T>(columns: Columns<T>): string[] {
  return columns.map(([head]) => head);
}

function cells<T>(columns: Columns<T>, value: T): Cell[] {
  return columns.map(([, cell]) => cell(value));
}

/** What Excel, LibreOffice and Google Sheets begin to calculate at. */
const FORMULA = /^[=+\-@\t\r]/;

export function cellText(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
