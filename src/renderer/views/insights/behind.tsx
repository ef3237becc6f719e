/** The traces behind a bar or a cell. */
import { useEffect, useRef } from 'react';
import { ArrowRight, X } from 'lucide-react';
import type { OverviewArgs, OverviewPick } from '#shared/overview.ts';
import { useEngine } from '../../data/engine.ts';
import { go } from '../../state/place.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './insights.module.css';
import { count } from './words.ts';

export type Picked = {
  /** Tells bars apart. */
  readonly key: string;
  /** For people: "Loops · Planner". */
  readonly title: string;
  readonly pick: OverviewPick;
  readonly args: OverviewArgs;
  /** The same in the language of the search box, where it can say it. */
  readonly query: string | null;
};

type Props = { readonly picked: Picked; readonly query: string; readonly onClose: () => void };

export function Behind({ picked, query, onClose }: Props) {
  const found = useEngine('overview.traces', { ...picked.args, pick: picked.pick });
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    heading.current?.focus();
  }, []);

  function close(): void {
    onClose();
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }

  const { rows = [], total = 0 } = found.data ?? {};
  return (
    <aside
      className={styles.behind}
      aria-label="Traces behind it"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <div className={styles.behindHead}>
        <h2 ref={heading} tabIndex={-1} className={styles.behindTitle}>
          {visibleString(picked.title.slice(0, 200))}
        </h2>
        <IconButton label="Close" keys="escape" icon={<X size={14} aria-hidden />} onClick={close} />
      </div>
      {found.error ? (
        <ErrorState error={found.error} onRetry={found.refetch} />
      ) : !found.data ? (
        <Spinner label="Looking for the traces" />
      ) : (
        <>
          <p className={styles.quiet}>
            {count(total, 'trace')}
            {rows.length < total && `, the first ${formatCount(rows.length)} are shown`}
          </p>
          {picked.query !== null && (
            <Button
              icon={<ArrowRight size={13} aria-hidden />}
              onClick={() => go({ view: 'traces', q: [query, picked.query].filter(Boolean).join(' ') })}
            >
              Show in Traces
            </Button>
          )}
          <ul className={styles.traces}>
            {rows.map(({ traceId, name, spanId, labels }) => (
              <li key={traceId}>
                <button
                  type="button"
                  className={styles.trace}
                  onClick={() => go({ view: 'trace', traceId, ...(spanId === null ? {} : { span: spanId }) })}
                >
                  <span className={styles.traceName}>{visibleString(name.slice(0, 200))}</span>
                  <span className={styles.quiet}>{count(labels, 'label')}</span>
                  <code className={styles.traceId}>{visibleString(traceId.slice(0, 80))}</code>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
