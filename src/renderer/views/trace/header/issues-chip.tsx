/** What could not be taken as it was received: a count that opens the list. */
import { useState } from 'react';
import { Popover } from '@base-ui/react/popover';
import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { sessionOfAddress } from '#shared/session.ts';
import type { IssueRow } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './trace-header.module.css';

const MOST = 200;

export function IssuesChip({ traceId, count }: { traceId: string; count: number }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.issues}>
        <TriangleAlert size={12} aria-hidden />
        {formatCount(count)} {count === 1 ? 'issue' : 'issues'}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.popupTitle}>Received, but not taken as it was</Popover.Title>
            <IssueList traceId={traceId} total={count} onLeave={() => setOpen(false)} />
            {sessionOfAddress(traceId) === null && (
              <Button onClick={() => go({ view: 'ledger', q: traceId })}>All that was received of it</Button>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function IssueList({ traceId, total, onLeave }: { traceId: string; total: number; onLeave: () => void }) {
  const query = useEngine('issue.list', { traceId, limit: MOST });
  if (query.error) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (!query.data) return <Spinner label="Loading the issues" />;
  return (
    <ul className={styles.issueList}>
      {query.data.map((issue) => (
        <Issue key={issue.id} issue={issue} onLeave={onLeave} />
      ))}
      {query.data.length < total && (
        <li className={styles.issueMore}>
          The newest {formatCount(query.data.length)} of {formatCount(total)}.
        </li>
      )}
    </ul>
  );
}

const ICONS = { error: CircleX, warning: TriangleAlert, info: Info } as const;

function Issue({ issue, onLeave }: { issue: IssueRow; onLeave: () => void }) {
  const [open, setOpen] = useState(false);
  const selectSpan = useSelection((state) => state.selectSpan);
  const Icon = ICONS[issue.severity];
  return (
    <li className={styles.issue} data-severity={issue.severity}>
      <div className={styles.issueHead}>
        <Icon size={13} role="img" aria-label={issue.severity} />
        <span className={`${styles.issueText} selectable`}>{visibleString(issue.message.slice(0, 500))}</span>
      </div>
      <div className={styles.issueFoot}>
        <code>{issue.code}</code>
        {issue.spanId !== null && (
          <button
            type="button"
            className={styles.link}
            onClick={() => {
              selectSpan(issue.spanId);
              onLeave();
            }}
          >
            Go to the span
          </button>
        )}
        {issue.detail !== null && issue.detail !== '' && (
          <button type="button" className={styles.link} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide what was received' : 'What was received'}
          </button>
        )}
      </div>
      {open && (
        <div className={styles.issueDetail}>
          <TextView text={issue.detail ?? ''} />
        </div>
      )}
    </li>
  );
}
