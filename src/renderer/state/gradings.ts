/** Asking for a grading, from wherever traces or graders are chosen; its progress is a job of the status bar. */
import { create } from 'zustand';
import type { GradingRow } from '#shared/grader.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../data/engine.ts';
import { formatCount } from '../widgets/format.ts';
import { endJob, startJob, updateJob } from './jobs.ts';
import { notify, notifyError } from './notices.ts';
import { go } from './place.ts';

export type GradingSource = { readonly traceIds: readonly string[] } | { readonly query: string };

export type GradingChoice = {
  readonly source: GradingSource;
  /** For people: "3 selected traces". */
  readonly what: string;
  /** Chosen at first. */
  readonly graderIds: readonly string[];
};

/** What the dialog grades; null = closed. */
export const useGradeDialog = create<{ readonly choice: GradingChoice | null }>()(() => ({ choice: null }));

/** The selected traces, else all that the search finds. */
export function askGrading(
  selected: readonly string[],
  query: string,
  total: number | null = null,
  graderIds: readonly string[] = [],
): void {
  if (selected.length > 0) {
    const what = selected.length === 1 ? 'one trace' : `${formatCount(selected.length)} selected traces`;
    useGradeDialog.setState({ choice: { source: { traceIds: selected }, what, graderIds } });
    return;
  }
  const count = total === null ? 'traces' : `${formatCount(total)} ${total === 1 ? 'trace' : 'traces'}`;
  const what = query === '' ? `all ${count}` : `${count} that match the search`;
  useGradeDialog.setState({ choice: { source: { query }, what, graderIds } });
}

/** False when it failed: then a notice says why. */
export async function startGrading(
  graderIds: readonly string[],
  source: GradingSource,
  label: string,
): Promise<boolean> {
  const started = await attempt(engine.call('grading.start', { graderIds, label, ...source }));
  if (!started.ok) {
    notifyError('Nothing was graded', started.error);
    return false;
  }
  follow(started.value);
  return true;
}

const followed = new Set<string>();

/** Shows a grading in the status bar until it ends, then says what came of it. */
function follow(first: GradingRow): void {
  if (followed.has(first.id)) return;
  followed.add(first.id);
  const signal = startJob(first.id, first.label);
  signal.addEventListener('abort', () => void cancelGrading(first.id));
  let asking = false;
  let again = false;
  async function look(): Promise<void> {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    const rows = await attempt(engine.call('grading.list', undefined));
    asking = false;
    const row = rows.ok ? rows.value.find(({ id }) => id === first.id) : undefined;
    if (row) tell(row);
    if (again) {
      again = false;
      void look();
    }
  }
  function tell(row: GradingRow): void {
    if (!followed.has(row.id)) return;
    if (row.status === 'queued' || row.status === 'running') {
      const { id: jobId, label, done, total } = row;
      updateJob({ jobId, label, done, total, unit: 'verdicts', finished: false });
      return;
    }
    stop();
    followed.delete(row.id);
    endJob(row.id);
    announce(row);
  }
  const stop = engine.subscribe('changed', ({ tables }) => {
    if (tables.includes('grading') || tables.includes('grade') || tables.length === 0) void look();
  });
  tell(first);
  if (followed.has(first.id)) void look();
}

function announce(row: GradingRow): void {
  const rest = [
    `${formatCount(row.passed)} passed`,
    `${formatCount(row.failed)} failed`,
    ...(row.errored > 0 ? [`${formatCount(row.errored)} errored`] : []),
    ...(row.notApplicable > 0 ? [`${formatCount(row.notApplicable)} not applicable`] : []),
  ].join(', ');
  const action = { label: 'Show', run: () => go({ view: 'graders', tab: 'gradings', span: null }) };
  if (row.status === 'failed')
    notify({ tone: 'error', title: `${row.label} failed`, detail: row.error ?? 'The engine did not say why.', action });
  else if (row.status === 'cancelled')
    notify({ tone: 'info', title: `${row.label} cancelled`, detail: `What was graded stays: ${rest}.`, action });
  else notify({ tone: 'ok', title: `${formatCount(row.done)} graded`, detail: `${rest}.`, action });
}

export async function cancelGrading(id: string): Promise<void> {
  const result = await attempt(engine.call('grading.cancel', { id }));
  if (!result.ok) notifyError('The grading was not cancelled', result.error);
}
