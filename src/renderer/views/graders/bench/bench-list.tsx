/** The traces of the bench with their verdicts: arrows move, Enter opens the trace at its evidence. */
import { useEffect, useRef } from 'react';
import type { TraceRow } from '#shared/trace.ts';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { scoreText, tookText } from '../../../grades/words.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { BenchTrial } from './use-bench.ts';
import styles from './bench.module.css';

type Props = {
  readonly rows: readonly TraceRow[];
  readonly trials: ReadonlyMap<string, BenchTrial>;
  readonly running: boolean;
  readonly active: string | null;
  readonly onActive: (traceId: string) => void;
  readonly onOpen: (traceId: string) => void;
};

const PAGE_STEP = 10;

export function BenchList({ rows, trials, running, active, onActive, onOpen }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === active),
  );
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  function press(event: React.KeyboardEvent): void {
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_STEP,
      PageUp: at - PAGE_STEP,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    const row = rows[Math.max(0, Math.min(rows.length - 1, target ?? at))];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (target !== undefined) onActive(row.id);
    else if (event.key === 'Enter') onOpen(row.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Verdicts on the bench"
      aria-activedescendant={`bench-${at}`}
      tabIndex={0}
      className={styles.list}
      onKeyDown={press}
    >
      {rows.map((row, index) => {
        const trial = trials.get(row.id);
        const name = visibleString((row.name === '' ? row.id : row.name).slice(0, 200));
        return (
          <div
            key={row.id}
            id={`bench-${index}`}
            role="option"
            aria-selected={index === at}
            className={`${styles.row} ${trial && !trial.fresh ? styles.stale : ''}`}
            onClick={() => onActive(row.id)}
            onDoubleClick={() => onOpen(row.id)}
          >
            <span
              className={styles.verdict}
              title={trial ? 'Opens the trace at its evidence' : undefined}
              onClick={() => trial && onOpen(row.id)}
            >
              {trial ? (
                <VerdictMark grade={trial.grade} />
              ) : (
                <span className={styles.dim}>{running ? '…' : 'not yet'}</span>
              )}
            </span>
            <span className={styles.number}>{trial ? scoreText(trial.grade.score) : ''}</span>
            <span className={styles.name} title={name}>
              {name}
            </span>
            <span className={styles.why}>{trial ? reasonOf(trial) : ''}</span>
            <span className={styles.took}>{trial ? tookText(trial.grade.durationMs) : ''}</span>
          </div>
        );
      })}
    </div>
  );
}

function reasonOf({ grade }: BenchTrial): string {
  const [error] = grade.errors;
  return visibleString((error?.message ?? grade.explanation).slice(0, 240));
}
