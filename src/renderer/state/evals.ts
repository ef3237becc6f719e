/** Evals and their runs, from wherever they are asked for: the list of traces, the views, the palette. */
import { create } from 'zustand';
import { ITEM_PAGE } from '#shared/eval.ts';
import type { EvalDefinition, EvalRow, EvalRunRow, EvalSource, RunItemFilter } from '#shared/eval.ts';
import type { Args } from '#shared/rpc/contract.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { Result } from '#shared/result.ts';
import { engine } from '../data/engine.ts';
import { formatCount } from '../widgets/format.ts';
import { visibleString } from '../widgets/visible-text.ts';
import { endJob, startJob, updateJob } from './jobs.ts';
import { dismiss, notify, notifyError } from './notices.ts';
import { currentPlace, go } from './place.ts';
import { useQueueDialog } from './review-queues.ts';

export type EvalChoice = {
  readonly source: EvalSource;
  /** For people: "3 selected traces". */
  readonly what: string;
};

/** What the dialog makes an eval of; null = closed. */
export const useEvalDialog = create<{ readonly choice: EvalChoice | null }>()(() => ({ choice: null }));

/** The selected traces, else all that the search finds. */
export function askEval(selected: readonly string[], query: string, total: number | null = null): void {
  if (selected.length > 0) {
    const what = selected.length === 1 ? 'one trace' : `${formatCount(selected.length)} selected traces`;
    useEvalDialog.setState({ choice: { source: { kind: 'traces', traceIds: selected }, what } });
    return;
  }
  const count = total === null ? 'traces' : `${formatCount(total)} ${total === 1 ? 'trace' : 'traces'}`;
  const what = query === '' ? (total === 1 ? 'the one trace' : `all ${count}`) : `${count} for ${query}`;
  useEvalDialog.setState({ choice: { source: { kind: 'filter', query }, what } });
}

export function openEval(id: string): void {
  go({ view: 'evals', tab: 'evals', span: id, of: [], q: '' });
}

export function openRun(id: string): void {
  go({ view: 'evals', tab: 'runs', span: id, of: [], q: '' });
}

/** The first is the baseline. */
export function compareRuns(ids: readonly string[]): void {
  go({ view: 'compare', tab: 'runs', of: ids });
}

export function saveEval(id: string | null, definition: EvalDefinition): Promise<Result<EvalRow>> {
  return attempt(engine.call('eval.save', { definition, ...(id === null ? {} : { id }) }));
}

/** Starts and opens a run; false when it failed: then a notice says why. */
export async function startRun(args: Args<'run.start'>): Promise<boolean> {
  return begun(await attempt(engine.call('run.start', args)), 'The run was not started');
}

export async function repeatRun(run: Pick<EvalRunRow, 'id'>): Promise<boolean> {
  return begun(await attempt(engine.call('run.repeat', { id: run.id })), 'The run was not repeated');
}

function begun(result: Result<EvalRunRow>, failed: string): boolean {
  if (!result.ok) {
    notifyError(failed, result.error);
    return false;
  }
  follow(result.value);
  openRun(result.value.id);
  return true;
}

export async function cancelRun(id: string): Promise<void> {
  const result = await attempt(engine.call('run.cancel', { id }));
  if (!result.ok) notifyError('The run was not cancelled', result.error);
}

export async function resumeRun(id: string): Promise<void> {
  const result = await attempt(engine.call('run.resume', { id }));
  if (result.ok) follow(result.value);
  else notifyError('The run does not go on', result.error);
}

export async function renameRun(id: string, name: string): Promise<boolean> {
  const result = await attempt(engine.call('run.rename', { id, name }));
  if (!result.ok) notifyError('The run keeps its name', result.error);
  return result.ok;
}

export async function deleteRun(run: EvalRunRow): Promise<boolean> {
  const result = await attempt(engine.call('run.delete', { id: run.id }));
  if (!result.ok) {
    notifyError('The run was not deleted', result.error);
    return false;
  }
  notify({ tone: 'ok', title: `${quoted(run.name)} deleted`, detail: 'Traces and graders stay as they are.' });
  const { view, tab, span } = currentPlace();
  if (view === 'evals' && tab === 'runs' && span === run.id) go({ span: null, of: [], q: '' });
  return true;
}

let archivedNotice: number | null = null;

export async function archiveEval(row: EvalRow, archived: boolean): Promise<void> {
  const result = await attempt(engine.call('eval.archive', { id: row.id, archived }));
  if (!result.ok) {
    notifyError(`${quoted(row.name)} was not ${archived ? 'archived' : 'restored'}`, result.error);
    return;
  }
  if (archivedNotice !== null) dismiss(archivedNotice);
  archivedNotice = notify({
    tone: 'ok',
    title: `${quoted(row.name)} ${archived ? 'archived' : 'is back'}`,
    ...(archived ? { detail: 'Its runs stay.' } : {}),
    action: { label: 'Undo', run: () => void archiveEval(row, !archived) },
  });
}

/** Traces of the items that fit, each once, in their order; null when they could not be read: then a notice says why. */
export async function tracesOfRun(runId: string, filter: RunItemFilter): Promise<readonly string[] | null> {
  const ids = new Set<string>();
  let cursor: number | null = null;
  do {
    const page: Result<{
      readonly rows: readonly { readonly traceId: string | null; readonly gone: boolean }[];
      readonly nextCursor: number | null;
    }> = await attempt(
      engine.call('run.items', { id: runId, filter, limit: ITEM_PAGE, ...(cursor === null ? {} : { cursor }) }),
    );
    if (!page.ok) {
      notifyError('The items of the run could not be read', page.error);
      return null;
    }
    for (const { traceId, gone } of page.value.rows) if (traceId !== null && !gone) ids.add(traceId);
    cursor = page.value.nextCursor;
  } while (cursor !== null);
  return [...ids];
}

/** Opens the dialog for a review queue of the items that fit. */
export async function reviewItems(run: EvalRunRow, filter: RunItemFilter, what: string): Promise<void> {
  const traceIds = await tracesOfRun(run.id, filter);
  if (traceIds === null) return;
  if (traceIds.length === 0) {
    notify({ tone: 'info', title: 'There is nothing to review', detail: 'None of these items has its trace here.' });
    return;
  }
  const count = `${formatCount(traceIds.length)} ${what}${traceIds.length === 1 ? ' trace' : ' traces'}`;
  useQueueDialog.setState({
    choice: { source: { kind: 'traces', traceIds }, what: `${count} of ${quoted(run.name)}` },
  });
}

const followed = new Set<string>();

/** Says what came of a run that this window started, wherever its person is by then. */
function follow(first: EvalRunRow): void {
  if (followed.has(first.id)) return;
  followed.add(first.id);
  startJob(first.id, labelOf(first)).addEventListener('abort', () => void cancelRun(first.id));
  let asking = false;
  let again = false;
  async function look(): Promise<void> {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    const run = await attempt(engine.call('run.get', { id: first.id }));
    asking = false;
    if (run.ok) tell(run.value);
    else if (run.error.code === 'not_found') leave();
    if (again) {
      again = false;
      void look();
    }
  }
  function leave(): void {
    stop();
    followed.delete(first.id);
    endJob(first.id);
  }
  function tell(run: EvalRunRow): void {
    if (!followed.has(run.id)) return;
    if (run.status === 'queued' || run.status === 'running') {
      const { done, total } = run.counts;
      updateJob({ jobId: run.id, label: labelOf(run), done, total, unit: 'items', finished: false });
      return;
    }
    leave();
    announce(run);
  }
  const stop = engine.subscribe('changed', ({ tables }) => {
    if (tables.includes('run') || tables.length === 0) void look();
  });
  tell(first);
  if (followed.has(first.id)) void look();
}

function announce(run: EvalRunRow): void {
  const { view, span } = currentPlace();
  const watched = view === 'evals' && span === run.id;
  const action = watched ? {} : { action: { label: 'Show', run: () => openRun(run.id) } };
  const { passed, failed, errored, done, total } = run.counts;
  const rest = [
    `${formatCount(passed)} passed`,
    `${formatCount(failed)} failed`,
    ...(errored > 0 ? [`${formatCount(errored)} errored`] : []),
  ].join(', ');
  const name = quoted(run.name);
  if (run.status === 'failed')
    notify({ tone: 'error', title: `${name} failed`, detail: run.error ?? 'The engine did not say why.', ...action });
  // The page that shows the run says the rest already.
  else if (watched) return;
  else if (run.status === 'cancelled')
    notify({
      tone: 'info',
      title: `${name} cancelled at ${formatCount(done)} of ${formatCount(total)}`,
      detail: 'What was graded stays, and it can be resumed.',
      ...action,
    });
  else notify({ tone: 'ok', title: `${name} is done`, detail: `${rest}.`, ...action });
}

function labelOf({ name }: EvalRunRow): string {
  return visibleString(name.slice(0, 80));
}

function quoted(name: string): string {
  return `“${visibleString(name.slice(0, 80))}”`;
}
