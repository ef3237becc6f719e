/** The chosen session: what it is in one look, and its traces on one time line. */
import { useState } from 'react';
import { FoldHorizontal, Rows3, Waypoints } from 'lucide-react';
import { fieldTerm } from '#shared/query.ts';
import { sessionAddress, type SessionRow } from '#shared/session.ts';
import { nsToIso } from '#shared/time.ts';
import { useEngine } from '../../data/engine.ts';
import { go } from '../../state/place.ts';
import { STATUS_LABELS, StatusIcon } from '../../theme/kind-icon.tsx';
import { Button, IconButton } from '../../widgets/button.tsx';
import { AgentChip, Chip } from '../../widgets/chip.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { formatCompact, formatCount, formatRelative, nsTextToMs } from '../../widgets/format.ts';
import { Money } from '../../widgets/money.tsx';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { lasted } from './session-row.tsx';
import { Timeline } from './timeline.tsx';
import { useNow } from './use-now.ts';
import styles from './sessions.module.css';

const MOST_AGENTS = 6;
/** More bars than this are no picture; the whole session still opens. */
const MOST_TRACES = 10_000;

export function openSession(sessionId: string): void {
  go({ view: 'trace', traceId: sessionAddress(sessionId) });
}

export function SessionDetail({ sessionId, onLeave }: { readonly sessionId: string; readonly onLeave: () => void }) {
  const session = useEngine('session.get', { sessionId }, { keepPrevious: true });
  const traces = useEngine('session.traces', { sessionId, limit: MOST_TRACES }, { keepPrevious: true });
  const [fold, setFold] = useState(true);
  const row = session.data;
  const error = session.error ?? traces.error;
  if (error && (!row || error.code === 'not_found')) {
    return <ErrorState error={error} onRetry={session.refetch} />;
  }
  if (!row || !traces.data) return <Spinner label="Loading the session" />;
  const { rows, total } = traces.data;
  return (
    <section className={styles.detail} aria-label="Session" aria-busy={row.id !== sessionId}>
      <Head row={row} />
      <div className={styles.tools}>
        <h3 className={styles.toolsTitle}>
          {formatCount(total)} {total === 1 ? 'trace' : 'traces'} in order of time
        </h3>
        {rows.length < total && <span className={styles.dim}>the first {formatCount(rows.length)} are shown</span>}
        <span className={styles.toolsEnd}>
          <IconButton
            label={fold ? 'Show pauses as long as they were' : 'Fold long pauses'}
            icon={<FoldHorizontal size={15} aria-hidden />}
            pressed={fold}
            onClick={() => setFold(!fold)}
          />
          <Button
            icon={<Rows3 size={13} aria-hidden />}
            onClick={() => go({ view: 'traces', q: fieldTerm('session', row.id) })}
          >
            List in Traces
          </Button>
          <Button variant="primary" icon={<Waypoints size={13} aria-hidden />} onClick={() => openSession(row.id)}>
            Open whole session
          </Button>
        </span>
      </div>
      <Timeline key={row.id} rows={rows} startNs={row.startNs} fold={fold} onLeave={onLeave} />
    </section>
  );
}

function Head({ row }: { readonly row: SessionRow }) {
  const now = useNow(30_000);
  const started = nsTextToMs(row.startNs);
  const { inputTokens, outputTokens } = row;
  return (
    <header className={styles.head}>
      <div className={styles.headLine}>
        <StatusIcon status={row.status} size={16} />
        <h2 className={`${styles.headTitle} selectable`} title={row.title}>
          {visibleString(row.title)}
        </h2>
        {row.status === 'running' && (
          <Chip tone="running" title="One of its traces is still going on">
            running
          </Chip>
        )}
        {row.errors > 0 && (
          <Chip tone="error" title={STATUS_LABELS[row.status]}>
            {formatCount(row.errors)} {row.errors === 1 ? 'error' : 'errors'}
          </Chip>
        )}
      </div>
      <div className={styles.headFacts}>
        <span className={styles.headId}>
          <code className="selectable" title={row.id.slice(0, 1_000)}>
            {visibleString(row.id.slice(0, 200))}
          </code>
          <CopyButton label="Copy the session id" text={row.id} />
        </span>
        <span className={styles.metrics}>
          <span title="From the first start to the last end">{lasted(row) || '–'}</span>
          <span>
            {formatCount(row.spans)} {row.spans === 1 ? 'span' : 'spans'}
          </span>
          {(inputTokens !== null || outputTokens !== null) && (
            <span
              title={`${inputTokens === null ? 'unknown' : formatCount(inputTokens)} input, ${outputTokens === null ? 'unknown' : formatCount(outputTokens)} output tokens`}
            >
              {formatCompact((inputTokens ?? 0) + (outputTokens ?? 0))} tokens
            </span>
          )}
          {row.cost !== null && (
            <span>
              <Money usd={row.cost} basis={row.costBasis} />
            </span>
          )}
        </span>
        <span className={styles.agents}>
          {row.agents.slice(0, MOST_AGENTS).map((name) => (
            <AgentChip key={name} name={name} className={styles.agent ?? ''} />
          ))}
          {row.agents.length > MOST_AGENTS && (
            <Chip title={row.agents.slice(MOST_AGENTS, 60).join(', ').slice(0, 600)}>
              +{row.agents.length - MOST_AGENTS}
            </Chip>
          )}
        </span>
        <span className={styles.origin}>
          {row.user !== null && <span title="User">{visibleString(row.user.slice(0, 80))}</span>}
          <span>{visibleString(row.source.slice(0, 120))}</span>
          {started !== null && row.startNs !== null && (
            <span title={nsToIso(BigInt(row.startNs))}>{formatRelative(started, now)}</span>
          )}
        </span>
      </div>
    </header>
  );
}
