/** What a trace is, in one look: name, status, size, cost, where it came from. */
import { ArrowLeft, Database, FileOutput, Hash, Stamp } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import { formatDuration, nsToIso } from '#shared/time.ts';
import { askDataset } from '../../../state/datasets.ts';
import { askExportOf } from '../../../state/exports.ts';
import { go } from '../../../state/place.ts';
import { STATUS_LABELS, StatusIcon } from '../../../theme/kind-icon.tsx';
import { IconButton } from '../../../widgets/button.tsx';
import { AgentChip, Chip } from '../../../widgets/chip.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCompact, formatCount, formatRelative, nsTextToMs } from '../../../widgets/format.ts';
import { Money } from '../../../widgets/money.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { AnnotateButton, AnnotationChip } from '../annotations/annotation-chip.tsx';
import { FaultChip } from '../faults/fault-chip.tsx';
import { GradeButton, GradeChip } from '../grades/grade-chip.tsx';
import { CompareButton } from './compare-button.tsx';
import { IssuesChip } from './issues-chip.tsx';
import { SessionPlaceView, wholeSession } from './session-place.tsx';
import { useNow } from './use-now.ts';
import styles from './trace-header.module.css';

const MOST_AGENTS = 6;
const MOST_TAGS = 6;

export function TraceHeader({ trace, spans }: { trace: TraceRow; spans: number }) {
  const running = trace.status === 'running';
  const now = useNow(running ? 1_000 : 30_000);
  return (
    <header className={styles.header} aria-label="Trace">
      <div className={styles.line}>
        {wholeSession(trace) === null ? (
          <IconButton label="Back to Traces" icon={<ArrowLeft size={15} />} onClick={() => go({ view: 'traces' })} />
        ) : (
          <IconButton
            label="Back to Sessions"
            icon={<ArrowLeft size={15} />}
            onClick={() => go({ view: 'sessions', span: wholeSession(trace) })}
          />
        )}
        <StatusIcon status={trace.status} size={16} />
        <h1 className={`${styles.name} selectable`} title={trace.name.slice(0, 1000)}>
          {trace.name === '' ? 'no name' : visibleString(trace.name.slice(0, 300))}
        </h1>
        {running && (
          <Chip tone="running" title="Spans of this trace are still open">
            running
          </Chip>
        )}
        {trace.errors > 0 && (
          <Chip tone="error" title={STATUS_LABELS[trace.status]}>
            {formatCount(trace.errors)} {trace.errors === 1 ? 'error' : 'errors'}
          </Chip>
        )}
        <FaultChip />
        <GradeChip traceId={trace.id} />
        <AnnotationChip />
        {trace.issues > 0 && <IssuesChip traceId={trace.id} count={trace.issues} />}
        <span className={styles.end}>
          {wholeSession(trace) === null && <GradeButton traceId={trace.id} />}
          <AnnotateButton />
          <CompareButton trace={trace} />
          {wholeSession(trace) === null && (
            <IconButton
              label="Ledger: what became of what was received"
              icon={<Stamp size={15} aria-hidden />}
              onClick={() => go({ view: 'ledger', q: trace.id })}
            />
          )}
          <IconButton
            label="Add to dataset…"
            keys="mod+shift+a"
            icon={<Database size={15} aria-hidden />}
            onClick={() => askDataset([trace.id], '')}
          />
          <IconButton
            label={wholeSession(trace) === null ? 'Export this trace…' : 'Export this session…'}
            keys="mod+e"
            icon={<FileOutput size={15} aria-hidden />}
            onClick={() => askExportOf(trace.id)}
          />
          <CopyButton variant="button" label="Copy id" text={trace.id} />
        </span>
      </div>
      <div className={styles.facts}>
        <span className={styles.metrics}>
          <span title="Duration">{durationText(trace, now)}</span>
          <span>
            {formatCount(spans)} {spans === 1 ? 'span' : 'spans'}
          </span>
          <Tokens trace={trace} />
          {trace.cost !== null && (
            <span>
              <Money usd={trace.cost} basis={trace.costBasis} of={trace} />
            </span>
          )}
        </span>
        <Agents names={trace.agents} />
        {trace.session !== null && <SessionPlaceView trace={trace} />}
        {trace.tags.slice(0, MOST_TAGS).map((tag) => (
          <Chip key={tag} title={`Tag ${tag.slice(0, 300)}`} icon={<Hash size={11} aria-hidden />}>
            {visibleString(tag.slice(0, 80))}
          </Chip>
        ))}
        {trace.tags.length > MOST_TAGS && (
          <Chip title={trace.tags.slice(MOST_TAGS, 60).join(', ').slice(0, 600)}>
            +{trace.tags.length - MOST_TAGS} tags
          </Chip>
        )}
        <span className={styles.origin}>
          {visibleString(trace.source.slice(0, 120))}
          <Started trace={trace} now={now} />
        </span>
      </div>
    </header>
  );
}

function Tokens({ trace }: { trace: TraceRow }) {
  const { input, output } = trace.tokens;
  if (input === null && output === null) return null;
  const title = `${input === null ? 'unknown' : formatCount(input)} input, ${output === null ? 'unknown' : formatCount(output)} output tokens`;
  return <span title={title}>{formatCompact((input ?? 0) + (output ?? 0))} tokens</span>;
}

function Agents({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  // One more takes no more room than saying so.
  const shown = names.length === MOST_AGENTS + 1 ? names.length : MOST_AGENTS;
  const more = names.length - shown;
  return (
    <span className={styles.agents} aria-label={`${names.length} agents`}>
      {names.slice(0, shown).map((name) => (
        <AgentChip key={name} name={name} className={styles.agent ?? ''} />
      ))}
      {more > 0 && <Chip title={names.slice(shown, 60).join(', ').slice(0, 900)}>+{formatCount(more)} agents</Chip>}
    </span>
  );
}

function Started({ trace, now }: { trace: TraceRow; now: number }) {
  const ms = nsTextToMs(trace.startNs);
  if (ms === null || trace.startNs === null) return null;
  return (
    <time className={styles.started} title={`Started ${nsToIso(BigInt(trace.startNs))}`}>
      {formatRelative(ms, now)}
    </time>
  );
}

/** While data keeps coming the clock runs; a trace that fell silent shows how far it got. */
function durationText(trace: TraceRow, now: number): string {
  const start = nsTextToMs(trace.startNs);
  if (trace.status === 'running' && start !== null && now - trace.lastReceivedAt < 60_000 && now >= start) {
    return `${formatDuration(Math.floor((now - start) / 1_000) * 1e9)} so far`;
  }
  if (trace.durationNs === null) return 'no duration';
  return formatDuration(trace.durationNs);
}
