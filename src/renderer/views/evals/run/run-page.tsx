/** One run: what it took, how it stands, what each criterion says, and its items down to the span. */
import { useEffect, useMemo, useState } from 'react';
import {
  ArrowLeft,
  ClipboardCheck,
  FilePen,
  FileOutput,
  GitCompareArrows,
  Network,
  Play,
  Repeat,
  ShieldCheck,
  Square,
  Trash2,
} from 'lucide-react';
import type { EvalRunRow, RunItemFilter } from '#shared/eval.ts';
import { useRegisterCommands, type Command } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { cancelRun, openEval, repeatRun, resumeRun, reviewItems } from '../../../state/evals.ts';
import { go, replacePlace, usePlace } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { CountsBar, StatusMark } from '../runs/figures.tsx';
import { GateDialog } from '../runs/gate-dialog.tsx';
import { CompareDialog, DeleteRunDialog, ExportRunDialog, RenameDialog } from '../runs/run-dialogs.tsx';
import { mayResume } from '../runs/run-table.tsx';
import { isOpen } from '../words.ts';
import { ItemSection } from './item-section.tsx';
import { readFilter, writeFilter } from './item-filter.ts';
import { RunCriteria } from './run-criteria.tsx';
import { RunFacts } from './run-facts.tsx';
import page from '../evals.module.css';
import styles from './run.module.css';

export function RunPage({ id, readOnly }: { readonly id: string; readonly readOnly: boolean }) {
  const run = useEngine('run.get', { id });
  if (run.error && !run.data)
    return run.error.code === 'not_found' ? (
      <EmptyState title="This run is not here" actions={<Button onClick={toRuns}>All runs</Button>}>
        It was deleted, or it belongs to another workspace.
      </EmptyState>
    ) : (
      <ErrorState error={run.error} onRetry={run.refetch} />
    );
  if (!run.data) return <Spinner label="Loading the run" />;
  return <Shown key={id} run={run.data} readOnly={readOnly} />;
}

function toRuns(): void {
  go({ view: 'evals', tab: 'runs', span: null, of: [], q: '' });
}

type DialogName = 'rename' | 'delete' | 'export' | 'compare' | 'gate';

function Shown({ run, readOnly }: { readonly run: EvalRunRow; readonly readOnly: boolean }) {
  const { q } = usePlace();
  const filter = useMemo(() => readFilter(q), [q]);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const close = () => setDialog(null);
  const open = isOpen(run);
  const resumes = mayResume(run) && !readOnly;
  const imported = run.source.kind === 'imported';
  useRunCommands(run, readOnly, setDialog);
  const name = visibleString(run.name.slice(0, 200)) || 'no name';

  function onFilter(next: RunItemFilter): void {
    replacePlace({ q: writeFilter(next) });
  }

  return (
    <div className={page.view}>
      <header className={page.pageHead}>
        <IconButton label="All runs" icon={<ArrowLeft size={15} aria-hidden />} onClick={toRuns} />
        <h1 className={page.pageTitle} title={name}>
          {name}
        </h1>
        <StatusMark status={run.status} />
        <span className={page.headEnd}>
          {open && (
            <Button icon={<Square size={11} aria-hidden />} disabled={readOnly} onClick={() => void cancelRun(run.id)}>
              Cancel
            </Button>
          )}
          {resumes && (
            <Button
              variant="primary"
              icon={<Play size={13} aria-hidden />}
              title={run.status === 'done' ? 'Grades the items that errored again' : undefined}
              onClick={() => void resumeRun(run.id)}
            >
              {run.status === 'done' ? 'Retry errors' : 'Resume'}
            </Button>
          )}
          {!imported && !open && (
            <Button
              icon={<Repeat size={13} aria-hidden />}
              disabled={readOnly}
              title="The same traces and grader versions once more, as a new run"
              onClick={() => void repeatRun(run)}
            >
              Repeat
            </Button>
          )}
          <Button
            icon={<GitCompareArrows size={13} aria-hidden />}
            title="Compare with another run"
            onClick={() => setDialog('compare')}
          >
            Compare…
          </Button>
          <Button
            icon={<ShieldCheck size={13} aria-hidden />}
            title="Does it hold its thresholds, and against a baseline?"
            onClick={() => setDialog('gate')}
          >
            Gate…
          </Button>
          <Button icon={<FileOutput size={13} aria-hidden />} onClick={() => setDialog('export')}>
            Export…
          </Button>
          <IconButton
            label="Behaviour map of the run"
            icon={<Network size={14} aria-hidden />}
            onClick={() => go({ view: 'compare', tab: 'map', of: [`run:${run.id}`] })}
          />
          <IconButton
            label="Rename the run"
            icon={<FilePen size={14} aria-hidden />}
            disabled={readOnly}
            onClick={() => setDialog('rename')}
          />
          <IconButton
            label="Delete the run"
            icon={<Trash2 size={14} aria-hidden />}
            disabled={readOnly}
            onClick={() => setDialog('delete')}
          />
        </span>
      </header>
      <RunFacts run={run} onEval={() => openEval(run.evalId)} />
      {run.error !== null && (
        <p role="alert" className={styles.error}>
          {visibleString(run.error.slice(0, 1_000))}
        </p>
      )}
      <div className={styles.overview}>
        <CountsBar counts={run.counts} />
        <RunCriteria run={run} filter={filter} onFilter={onFilter} />
      </div>
      <ItemSection
        run={run}
        filter={filter}
        onFilter={onFilter}
        readOnly={readOnly}
        actions={
          <Button
            icon={<ClipboardCheck size={13} aria-hidden />}
            disabled={readOnly || run.counts.done === 0}
            title="A review queue of the items that are shown, else of those that failed"
            onClick={() => void review(run, filter)}
          >
            Review…
          </Button>
        }
      />
      {dialog === 'rename' && <RenameDialog run={run} onClose={close} />}
      {dialog === 'delete' && <DeleteRunDialog run={run} onClose={close} />}
      {dialog === 'export' && <ExportRunDialog run={run} onClose={close} />}
      {dialog === 'compare' && <CompareDialog run={run} onClose={close} />}
      {dialog === 'gate' && <GateDialog run={run} onClose={close} />}
    </div>
  );
}

/** What is filtered, else what failed: a person rarely reviews what passed. */
function review(run: EvalRunRow, filter: RunItemFilter): Promise<void> {
  if (writeFilter(filter) !== '') return reviewItems(run, filter, 'filtered');
  return run.counts.failed > 0 ? reviewItems(run, { status: 'failed' }, 'failed') : reviewItems(run, {}, '');
}

function useRunCommands(run: EvalRunRow, readOnly: boolean, onDialog: (dialog: DialogName) => void): void {
  const { id } = run;
  const open = isOpen(run);
  const resumes = mayResume(run) && !readOnly;
  const repeats = run.source.kind !== 'imported' && !readOnly;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'runs.cancel',
        title: 'Cancel the run',
        group: 'Evals',
        when: () => open && !readOnly,
        run: () => void cancelRun(id),
      },
      {
        id: 'runs.resume',
        title: 'Resume the run',
        group: 'Evals',
        when: () => resumes,
        run: () => void resumeRun(id),
      },
      {
        id: 'runs.repeat',
        title: 'Repeat the run',
        group: 'Evals',
        keys: 'mod+alt+r',
        when: () => repeats,
        run: () => void repeatRun({ id }),
      },
      {
        id: 'runs.compare',
        title: 'Compare with another run…',
        group: 'Evals',
        keys: 'c',
        run: () => onDialog('compare'),
      },
      { id: 'runs.gate', title: 'Does the run hold its gate…', group: 'Evals', keys: 'g', run: () => onDialog('gate') },
      {
        id: 'runs.export',
        title: 'Export the run…',
        group: 'Export',
        keys: 'mod+e',
        menu: 'File',
        run: () => onDialog('export'),
      },
      {
        id: 'runs.rename',
        title: 'Rename the run…',
        group: 'Evals',
        when: () => !readOnly,
        run: () => onDialog('rename'),
      },
      {
        id: 'runs.delete',
        title: 'Delete the run…',
        group: 'Evals',
        keys: 'delete',
        when: () => !readOnly,
        run: () => onDialog('delete'),
      },
      {
        id: 'runs.find',
        title: 'Find items',
        group: 'Evals',
        keys: '/',
        run: () => document.querySelector<HTMLInputElement>('input[data-item-search]')?.select(),
      },
      {
        id: 'runs.items',
        title: 'Go to the items',
        group: 'Evals',
        keys: 'l',
        run: () => document.querySelector<HTMLElement>('[data-item-grid]')?.focus(),
      },
    ],
    [id, open, resumes, repeats, readOnly, onDialog],
  );
  useRegisterCommands(commands);
  // The keyboard begins in the items, unless somebody is elsewhere already.
  useEffect(() => {
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('[data-item-grid]')?.focus({ preventScroll: true });
  }, []);
}
