/** Everything that happened in the trace, in order of time: a grid that is drawn where it is looked at. */
import { useMemo, useState } from 'react';
import { ScrollText } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { useAnnotationMarks } from '../annotations/annotation-marks.ts';
import { useFaultMarks } from '../faults/fault-marks.ts';
import type { SpanTable } from '../model/span-table.ts';
import { useSubtree } from '../model/subtree.ts';
import { LogGrid } from './log/log-grid.tsx';
import { filterLog, NO_FILTER } from './log/log-filter.ts';
import { useLog, type BuiltLog } from './log/use-log.ts';
import { useEventPages } from './log/use-log-data.ts';
import { useFound } from './use-found.ts';
import { useTraceTable } from './use-trace-table.ts';
import styles from './log/log.module.css';

export function LogPane({ traceId }: { traceId: string }) {
  const { open, error, refetch } = useTraceTable(traceId);
  if (open) return <Log key={traceId} traceId={traceId} {...open} />;
  return <div className={styles.middle}>{error ? <ErrorState error={error} onRetry={refetch} /> : <Spinner />}</div>;
}

type Props = { readonly traceId: string; readonly trace: TraceRow; readonly table: SpanTable };

function Log({ traceId, trace, table }: Props) {
  const { pages, failed } = useEventPages(traceId);
  const built = useLog(table, pages);
  const complete = pages.every((page) => page.complete);
  if (!built) {
    return (
      <div className={styles.middle}>
        <Spinner label="Putting the log in order" />
      </div>
    );
  }
  return <LogView traceId={traceId} startNs={trace.startNs} built={built} failed={failed} complete={complete} />;
}

type ViewProps = {
  readonly traceId: string;
  readonly startNs: string | null;
  readonly built: BuiltLog;
  /** The events could not be read. */
  readonly failed: boolean;
  /** All events were. */
  readonly complete: boolean;
};

function LogView({ traceId, startNs, built, failed, complete }: ViewProps) {
  const { table, log } = built;
  const [filter, setFilter] = useState(NO_FILTER);
  const marks = useFaultMarks((state) => state.marks);
  const { columns } = table;
  const subtree = useSubtree(columns);
  const annotations = useAnnotationMarks((state) => state.marks);
  const found = useFound(traceId, table);
  // They matter to the list only where it is limited to them.
  const marked = filter.kind === 'finding' ? marks : filter.kind === 'annotation' ? annotations : null;
  const places = useMemo(
    () => filterLog(log, columns, filter, (id) => marked?.has(id) ?? false, subtree),
    [log, columns, filter, marked, subtree],
  );
  const doubtful = useMemo(() => (log.timed ? doubtsOf(table) : ''), [log, table]);

  if (columns.count === 0) {
    return (
      <div className={styles.middle}>
        <EmptyState title="Nothing happened in this trace" icon={<ScrollText size={22} aria-hidden />}>
          No span of it was received.
        </EmptyState>
      </div>
    );
  }
  const doubts = [
    log.timed ? '' : 'No span has a time: the order is that of the tree.',
    complete ? '' : 'There are too many events to be listed: the rest is in the inspector.',
    failed ? 'The events of the spans could not be read; the spans themselves are all here.' : '',
    doubtful,
  ].filter(Boolean);
  return (
    <section className={styles.pane} aria-label="Log">
      <LogGrid
        traceId={traceId}
        startNs={startNs}
        table={table}
        log={log}
        places={places}
        filter={filter}
        onFilter={setFilter}
        hasFindings={marks.size > 0}
        hasAnnotations={annotations.size > 0}
        found={found}
        doubts={doubts}
      />
    </section>
  );
}

function doubtsOf({ columns, times }: SpanTable): string {
  const { start, end } = times();
  let unknown = 0;
  let skewed = 0;
  for (let row = 0; row < columns.count; row++) {
    if (Number.isNaN(columns.start[row] ?? NaN)) unknown++;
    const parent = columns.parent[row] ?? -1;
    if ((columns.end[row] ?? NaN) < (columns.start[row] ?? NaN)) skewed++;
    else if (parent >= 0 && (start[row] ?? 0) < (start[parent] ?? 0)) skewed++;
    else if (parent >= 0 && (start[row] ?? 0) > (end[parent] ?? 0) && Number.isFinite(columns.end[parent] ?? NaN))
      skewed++;
  }
  const spans = (count: number): string => `${formatCount(count)} ${count === 1 ? 'span' : 'spans'}`;
  return [
    unknown > 0 ? `${spans(unknown)} without a start: listed where their parent begins.` : '',
    skewed > 0 ? `${spans(skewed)} outside of their parent's time: listed when their own clock says.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
