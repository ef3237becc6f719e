/** What was graded, and what is being graded: each once it was asked for, the newest first. */
import { useState } from 'react';
import { Square } from 'lucide-react';
import type { GradingRow } from '#shared/grader.ts';
import { useEngine } from '../../data/engine.ts';
import { askGrading, cancelGrading } from '../../state/gradings.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { formatCount, formatRelative } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './graders.module.css';

const STATES: Readonly<Record<GradingRow['status'], string>> = {
  queued: 'waits',
  running: 'runs',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
};

export function GradingList() {
  const list = useEngine('grading.list', undefined);
  const [now] = useState(() => Date.now());
  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Spinner label="Loading gradings" />;
  if (list.data.length === 0)
    return (
      <EmptyState
        title="Nothing was graded yet"
        actions={
          <Button variant="primary" onClick={() => askGrading([], '')}>
            Grade all traces…
          </Button>
        }
      >
        A grading keeps its verdicts with their traces, where lists, search and this view find them.
      </EmptyState>
    );
  return (
    <div className={styles.scroll}>
      <ul className={styles.gradings} aria-label="Gradings">
        {list.data.map((row) => (
          <Grading key={row.id} row={row} now={now} />
        ))}
      </ul>
    </div>
  );
}

function Grading({ row, now }: { readonly row: GradingRow; readonly now: number }) {
  const open = row.status === 'queued' || row.status === 'running';
  const facts = [
    `${formatCount(row.passed)} pass`,
    `${formatCount(row.failed)} fail`,
    ...(row.errored > 0 ? [`${formatCount(row.errored)} ${row.errored === 1 ? 'error' : 'errors'}`] : []),
    ...(row.notApplicable > 0 ? [`${formatCount(row.notApplicable)} not applicable`] : []),
  ];
  const share = row.total === 0 ? (open ? 0 : 1) : row.done / row.total;
  return (
    <li className={styles.grading}>
      <div className={styles.gradingText}>
        <strong className={styles.cut}>{visibleString(row.label.slice(0, 300)) || 'no name'}</strong>
        <span className={styles.dim}>
          {STATES[row.status]} · {formatCount(row.done)} of {formatCount(row.total)} · {facts.join(', ')} ·{' '}
          {formatRelative(row.createdAt, now)}
        </span>
        {row.error !== null && <span className={styles.gradingError}>{visibleString(row.error.slice(0, 400))}</span>}
        <span className={styles.track} aria-hidden>
          <span style={{ width: `${Math.min(1, share) * 100}%` }} data-status={row.status} />
        </span>
      </div>
      {open && (
        <IconButton
          label={`Cancel ${visibleString(row.label.slice(0, 80))}`}
          icon={<Square size={12} aria-hidden />}
          onClick={() => void cancelGrading(row.id)}
        />
      )}
    </li>
  );
}
