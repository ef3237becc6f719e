/** A table of all items with what each criterion said of them. */
import { wellFormed } from '../well-formed.ts';
import type { RunReport } from './report.ts';

const LONGEST_CELL = 32_000;

export function* csvReport({ run, items }: Pick<RunReport, 'run' | 'items'>): Generator<string> {
  const head = ['item', 'task', 'trial', 'trace_id', 'title', 'status', 'score', 'cost', 'duration_ms'];
  for (const { name } of run.criteria) head.push(name, `${name} score`, `${name} label`, `${name} explanation`);
  yield line(head);
  let position = 0;
  for (const { row, grades } of items()) {
    const cells: (string | number | null)[] = [
      ++position,
      row.task,
      row.trial,
      row.traceId,
      row.title,
      row.status,
      row.score,
      row.cost,
      row.durationMs,
    ];
    run.criteria.forEach((_, at) => {
      const verdict = row.results[at] ?? null;
      const grade = grades[at] ?? null;
      cells.push(
        outcomeOf(verdict),
        verdict?.score ?? null,
        verdict?.label ?? null,
        grade?.errors[0]?.message ?? grade?.explanation ?? null,
      );
    });
    yield line(cells);
  }
}

function outcomeOf(verdict: { readonly status: string; readonly passed: boolean | null } | null): string | null {
  if (verdict === null) return null;
  if (verdict.status !== 'graded') return verdict.status;
  return verdict.passed === null ? 'graded' : verdict.passed ? 'passed' : 'failed';
}

/** One row of a CSV file. */
export function line(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** A text that begins like a formula must not be one where the table is opened. */
function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = wellFormed(value.slice(0, LONGEST_CELL).replaceAll('\0', '\ufffd'));
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
