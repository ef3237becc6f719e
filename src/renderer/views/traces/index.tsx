import { useMemo, useState } from 'react';
import {
  ClipboardCheck,
  Database,
  FileOutput,
  GitCompareArrows,
  FlaskConical,
  ListFilter,
  Network,
  Route,
  Scale,
  SearchX,
  Trash2,
  Waypoints,
  X,
} from 'lucide-react';
import { parseQuery } from '#shared/query.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { showBehaviourMap } from '../../state/behaviour-place.ts';
import { askDataset } from '../../state/datasets.ts';
import { askEval } from '../../state/evals.ts';
import { askExportOfList } from '../../state/exports.ts';
import { chooseAndImportFiles, loadSamples } from '../../state/imports.ts';
import { askGraderFrom } from '../../state/grader-from-trace.ts';
import { askGrading } from '../../state/gradings.ts';
import { openPatternSearch } from '../../state/pattern-search.ts';
import { askQueue } from '../../state/review-queues.ts';
import { go, replacePlace, usePlace } from '../../state/place.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { Facets } from './facets.tsx';
import { FindingsDue } from './findings-due.tsx';
import { clearSelection, useGridSelection } from './grid-selection.ts';
import { SearchBox } from './search-box.tsx';
import { TraceGrid } from './trace-grid.tsx';
import { traceList, useTraceList } from './use-trace-list.ts';
import styles from './traces-view.module.css';

export function TracesView() {
  const { q } = usePlace();
  const list = useTraceList(q);
  const facets = useEngine('trace.facets', q === '' ? {} : { query: q }, { keepPrevious: true });
  const [showFacets, setShowFacets] = useState(true);
  const [deleting, setDeleting] = useState<readonly string[]>([]);

  const commands = useMemo<readonly Command[]>(
    () => [
      { id: 'traces.search', title: 'Search traces', group: 'Traces', keys: '/', menu: 'Edit', run: focusSearch },
      {
        id: 'traces.delete',
        title: 'Delete selected traces…',
        group: 'Traces',
        keys: 'delete',
        menu: 'Edit',
        when: () => chosenIds().length > 0,
        run: () => setDeleting(chosenIds()),
      },
      {
        id: 'traces.export',
        title: 'Export traces…',
        group: 'Export',
        keys: 'mod+e',
        menu: 'File',
        when: () => traceList().store.getState().rows.length > 0,
        run: exportList,
      },
      {
        id: 'traces.review',
        title: 'Add to a review queue…',
        group: 'Traces',
        keys: 'r',
        menu: 'Edit',
        when: () => traceList().store.getState().rows.length > 0,
        run: reviewList,
      },
      {
        id: 'traces.grade',
        title: 'Grade traces…',
        group: 'Graders',
        keys: 'j',
        menu: 'Edit',
        when: () => traceList().store.getState().rows.length > 0,
        run: gradeList,
      },
      {
        id: 'traces.dataset',
        title: 'Add to dataset…',
        group: 'Datasets',
        keys: 'mod+shift+a',
        menu: 'Edit',
        when: () => traceList().store.getState().rows.length > 0,
        run: datasetOfList,
      },
      {
        id: 'traces.gradeAll',
        title: 'Grade all… (eval)',
        group: 'Evals',
        keys: 'mod+j',
        menu: 'Edit',
        when: () => traceList().store.getState().rows.length > 0,
        run: gradeAll,
      },
      {
        id: 'traces.map',
        title: 'Show the behaviour map of traces',
        group: 'Traces',
        keys: 'shift+m',
        menu: 'View',
        when: () => traceList().store.getState().rows.length > 0,
        run: mapList,
      },
      {
        id: 'traces.grader',
        title: 'Create a grader from this trace…',
        group: 'Graders',
        keys: 'shift+j',
        when: () => chosenIds().length > 0,
        run: () => {
          const [first] = chosenIds();
          if (first !== undefined) askGraderFrom(first, null);
        },
      },
      {
        id: 'traces.compare',
        title: 'Compare selected traces',
        group: 'Compare',
        keys: 'c',
        menu: 'Edit',
        when: () => useGridSelection.getState().selected.size >= 2,
        run: compareChosen,
      },
      {
        id: 'traces.facets',
        title: 'Show or hide the facets',
        group: 'Traces',
        keys: 'mod+b',
        menu: 'View',
        run: () => setShowFacets((shown) => !shown),
      },
    ],
    [],
  );
  useRegisterCommands(commands);

  const searching = q !== '';
  return (
    <div className={styles.view}>
      <h1 className="visually-hidden">Traces</h1>
      <div className={styles.bar}>
        <IconButton
          label={showFacets ? 'Hide the facets' : 'Show the facets'}
          keys="mod+b"
          icon={<ListFilter size={15} aria-hidden />}
          pressed={showFacets}
          onClick={() => setShowFacets(!showFacets)}
        />
        <SearchBox onLeave={focusGrid} />
        <IconButton
          label="Find traces by pattern…"
          keys="mod+shift+f"
          icon={<Route size={15} aria-hidden />}
          onClick={openPatternSearch}
        />
        {asksFindings(q) && <FindingsDue count={facets.data?.findingsDue ?? 0} className={styles.count} />}
        {list.rows.length > 0 && (
          <SelectionBar
            onDelete={() => setDeleting(chosenIds())}
            total={list.total}
            shown={list.rows.length}
            searching={searching}
          />
        )}
      </div>
      <div className={styles.body}>
        {showFacets && <Facets facets={facets} />}
        {list.error && list.rows.length === 0 ? (
          <ErrorState error={list.error} onRetry={() => traceList().reload()} />
        ) : (
          <TraceGrid
            list={list}
            query={q}
            onDelete={() => setDeleting(chosenIds())}
            empty={
              list.loading || list.query === null ? (
                <Spinner label="Loading traces" />
              ) : searching ? (
                <NoMatch query={q} />
              ) : (
                <NoTraces />
              )
            }
          />
        )}
      </div>
      {list.error && list.rows.length > 0 && (
        <div className={styles.error} role="alert">
          {list.error.message} <Button onClick={() => traceList().reload()}>Try again</Button>
        </div>
      )}
      <DeleteDialog ids={deleting} onClose={() => setDeleting([])} />
    </div>
  );
}

type BarProps = {
  readonly total: number | null;
  readonly shown: number;
  readonly searching: boolean;
  readonly onDelete: () => void;
};

function SelectionBar({ total, shown, searching, onDelete }: BarProps) {
  const selected = useGridSelection((state) => state.selected.size);
  if (selected > 0) {
    return (
      <div className={styles.selection}>
        <span>{formatCount(selected)} selected</span>
        <Button icon={<FileOutput size={13} aria-hidden />} onClick={exportList}>
          Export…
        </Button>
        <Button icon={<ClipboardCheck size={13} aria-hidden />} onClick={reviewList}>
          Review…
        </Button>
        <Button
          icon={<Scale size={13} aria-hidden />}
          title="Verdicts that are kept with each trace"
          onClick={gradeList}
        >
          Grade…
        </Button>
        <Button
          icon={<FlaskConical size={13} aria-hidden />}
          title="An eval of these traces, with a run that keeps all verdicts together"
          onClick={gradeAll}
        >
          Grade all…
        </Button>
        <Button icon={<Database size={13} aria-hidden />} onClick={datasetOfList}>
          Add to dataset…
        </Button>
        {selected > 1 && (
          <IconButton
            label="Behaviour map of the selected traces"
            keys="shift+m"
            icon={<Network size={14} aria-hidden />}
            onClick={mapList}
          />
        )}
        <Button
          icon={<GitCompareArrows size={13} aria-hidden />}
          disabled={selected < 2}
          title={selected < 2 ? 'Select two traces or more' : 'Step by step; of more than two, each against the first'}
          onClick={compareChosen}
        >
          Compare
        </Button>
        <Button variant="danger" icon={<Trash2 size={13} aria-hidden />} onClick={onDelete}>
          Delete…
        </Button>
        <IconButton
          label="Clear the selection"
          keys="escape"
          icon={<X size={14} aria-hidden />}
          onClick={clearSelection}
        />
      </div>
    );
  }
  const count = total === null ? `${formatCount(shown)}+` : formatCount(total);
  return (
    <>
      <span className={styles.count} role="status">
        {count} {total === 1 ? 'trace' : 'traces'}
        {searching && (total === 1 ? ' matches' : ' match')}
      </span>
      <Button
        icon={<FlaskConical size={13} aria-hidden />}
        title={`An eval of ${searching ? 'what the search finds' : 'all traces'}, with a run that keeps all verdicts together`}
        onClick={gradeAll}
      >
        Grade all…
      </Button>
    </>
  );
}

function NoTraces() {
  return (
    <EmptyState
      icon={<Waypoints size={26} strokeWidth={1.5} aria-hidden />}
      title="No traces yet"
      actions={
        <>
          <Button variant="primary" onClick={() => go({ view: 'connect' })}>
            Connect an app
          </Button>
          <Button onClick={() => void loadSamples()}>Load sample traces</Button>
          <Button onClick={() => void chooseAndImportFiles()}>Import files…</Button>
        </>
      }
    >
      Traces appear here as they arrive. Point an SDK at the collector, load the samples, or drop trace files on this
      window.
    </EmptyState>
  );
}

function asksFindings(query: string): boolean {
  return parseQuery(query).terms.some((term) => term.type === 'field' && term.field === 'finding');
}

function NoMatch({ query }: { readonly query: string }) {
  const [problem] = parseQuery(query).problems;
  return (
    <EmptyState
      icon={<SearchX size={26} strokeWidth={1.5} aria-hidden />}
      title={problem === undefined ? 'No trace matches' : 'The search is not understood'}
      actions={
        <Button variant="primary" onClick={() => replacePlace({ q: '' })}>
          Clear the search
        </Button>
      }
    >
      {problem ?? (
        <>
          Nothing in this workspace fits{' '}
          <code className="selectable">{query.length > 200 ? `${query.slice(0, 200)}…` : query}</code>. All terms must
          fit: take one away, or use part of a word.
        </>
      )}
    </EmptyState>
  );
}

/** What a command works on: the selection, or else the row that the keyboard is on. */
function chosenIds(): readonly string[] {
  const { selected, active } = useGridSelection.getState();
  return selected.size > 0 ? [...selected] : active === null ? [] : [active];
}

/** The selection, else all that the search finds. */
function exportList(): void {
  const { query, total } = traceList().store.getState();
  askExportOfList([...useGridSelection.getState().selected], query ?? '', total);
}

/** Likewise: a queue of what is chosen. */
function reviewList(): void {
  const { query, total } = traceList().store.getState();
  askQueue([...useGridSelection.getState().selected], query ?? '', total);
}

/** Likewise: an eval of them, and a run of it. */
function gradeAll(): void {
  const { query, total } = traceList().store.getState();
  askEval([...useGridSelection.getState().selected], query ?? '', total);
}

/** Likewise: graded with graders that are asked for. */
function gradeList(): void {
  const { query, total } = traceList().store.getState();
  askGrading([...useGridSelection.getState().selected], query ?? '', total);
}

/** Likewise: what they have in common. */
function mapList(): void {
  showBehaviourMap([...useGridSelection.getState().selected], traceList().store.getState().query ?? '');
}

/** Likewise: examples of what is chosen. */
function datasetOfList(): void {
  const { query, total } = traceList().store.getState();
  askDataset([...useGridSelection.getState().selected], query ?? '', total);
}

/** In the order of the list: of more than two, the first is the baseline. */
function compareChosen(): void {
  const { selected } = useGridSelection.getState();
  const listed = traceList()
    .store.getState()
    .rows.map(({ id }) => id)
    .filter((id) => selected.has(id));
  const of = [...new Set([...listed, ...selected])];
  if (of.length >= 2) go({ view: 'compare', tab: 'traces', q: '', span: null, of });
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[data-search]')?.select();
}

function focusGrid(): void {
  document.querySelector<HTMLElement>('[data-trace-grid]')?.focus();
}
