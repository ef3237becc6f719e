import { memo, useState } from 'react';
import { ArrowRight, ChevronRight, CircleAlert, History, ShieldCheck } from 'lucide-react';
import type { ConversationEntry } from '#shared/graph.ts';
import { formatDuration } from '#shared/time.ts';
import { useEngine } from '../../../../data/engine.ts';
import { agentColour } from '../../../../theme/agent-colour.ts';
import { KindIcon, StatusIcon } from '../../../../theme/kind-icon.tsx';
import { AgentChip } from '../../../../widgets/chip.tsx';
import { useOpenWithFind } from '../../../../widgets/find-text.ts';
import { formatCount } from '../../../../widgets/format.ts';
import { TextView } from '../../../../widgets/text-view.tsx';
import { visibleString } from '../../../../widgets/visible-text.ts';
import { AnnotationBadge } from '../../annotations/annotation-badge.tsx';
import { firstHolding } from '../../inspector/content-list.tsx';
import { Contents, type Context } from './content-view.tsx';
import type { Folded } from './fold-seen.ts';
import styles from './conversation.module.css';

type Props = {
  readonly traceId: string;
  readonly entry: ConversationEntry;
  /** Its input without what stands above. */
  readonly folded: Folded;
  /** The agent of the entry before spoke at the same depth: its name need not be said again. */
  readonly same: boolean;
  /** Nanoseconds after the start of the trace, null = unknown. */
  readonly offset: number | null;
  readonly selected: boolean;
  readonly context: Context;
};

/** Deeper agents are indented no further: there must be room for what they say. */
const DEEPEST = 6;
/** An error of more lines than this is a stack trace: its beginning says what happened. */
const FOLD_ABOVE = 8;
const FIRST_LINES = 4;

export const EntryView = memo(function EntryView({ traceId, entry, folded, same, offset, selected, context }: Props) {
  const colour = agentColour(entry.agent ?? '');
  const time = <time className={styles.time}>{offset === null ? 'no time' : `+${formatDuration(offset)}`}</time>;
  const style = { marginLeft: Math.min(entry.depth, DEEPEST) * 18, '--agent': colour.solid } as React.CSSProperties;
  const className = `${styles.entry} ${styles[entry.kind] ?? ''} ${selected ? styles.selected : ''} ${entry.status === 'error' ? styles.failed : ''}`;
  const status =
    entry.status === 'error' || entry.status === 'running' ? <StatusIcon status={entry.status} size={13} /> : null;
  if (entry.kind === 'handoff') {
    return (
      <div className={className} style={style}>
        <HandoffLine entry={entry} />
        {status}
        <AnnotationBadge spanId={entry.spanId} />
        {time}
        <ErrorText entry={entry} />
      </div>
    );
  }
  return (
    <div className={className} style={style} data-source-span={entry.spanId}>
      <header className={styles.head}>
        {entry.kind === 'guardrail' ? (
          <ShieldCheck size={13} className={styles.quiet} aria-label="Guardrail" />
        ) : (
          <KindIcon kind={entry.kind} size={13} />
        )}
        {!same && <AgentChip name={entry.agent ?? ''} />}
        <span className={entry.kind === 'tool' ? styles.toolName : styles.name}>
          {visibleString(entry.name.slice(0, 200))}
        </span>
        {status}
        <AnnotationBadge spanId={entry.spanId} />
        {time}
      </header>
      <ErrorText entry={entry} />
      {folded.repeated > 0 && (
        <Repeated
          traceId={traceId}
          spanId={entry.spanId}
          folded={folded}
          context={context}
          selected={selected}
          holds={(find) => firstHolding([...folded.input, ...entry.output], find) < 0}
        />
      )}
      {entry.kind === 'tool' ? (
        <>
          <Contents views={folded.input} context={context} role="arguments" />
          <Contents views={entry.output} context={context} role="result" />
        </>
      ) : (
        <>
          <Contents views={folded.input} context={context} role="input" />
          <Contents views={entry.output} context={context} role={entry.kind === 'guardrail' ? 'verdict' : 'output'} />
        </>
      )}
      {entry.kind === 'generation' &&
        entry.input.length + entry.output.length + entry.repeated === 0 &&
        entry.status !== 'running' && <p className={styles.nothing}>The source did not send what was said.</p>}
    </div>
  );
});

function HandoffLine({ entry }: { readonly entry: ConversationEntry }) {
  const [from, to] = handoffEnds(entry);
  return (
    <span className={styles.handoffEnds}>
      <AgentChip name={from} />
      <ArrowRight size={13} aria-label="hands off to" />
      {to === '' ? <span className={styles.quiet}>nobody</span> : <AgentChip name={to} />}
    </span>
  );
}

/** The name of a handoff says both ends; the agent of the span is the one that hands off. */
export function handoffEnds(entry: Pick<ConversationEntry, 'name' | 'agent'>): readonly [string, string] {
  const at = entry.name.lastIndexOf(' → ');
  const from = entry.name.slice(0, Math.max(0, at));
  // A source that names no sender: as in the graph, it is the agent that the span stands in.
  if (at >= 0) return [from === '' || from === '?' ? (entry.agent ?? from) : from, entry.name.slice(at + 3)];
  return [entry.agent ?? '', entry.name];
}

function ErrorText({ entry }: { readonly entry: ConversationEntry }) {
  const [all, setAll] = useState(false);
  if (entry.error === null) return null;
  const lines = entry.error.split('\n', FOLD_ABOVE + 1);
  const folded = !all && lines.length > FOLD_ABOVE;
  return (
    <div className={styles.error} role="note" aria-label="Error">
      <CircleAlert size={13} aria-hidden />
      <div>
        <TextView text={folded ? lines.slice(0, FIRST_LINES).join('\n') : entry.error} mono={false} />
        {folded && (
          <button type="button" className={styles.more} onClick={() => setAll(true)}>
            Show the whole error
          </button>
        )}
      </div>
    </div>
  );
}

type RepeatedProps = {
  readonly traceId: string;
  readonly spanId: string;
  readonly folded: Folded;
  readonly context: Context;
  /** Its entry is: it opens for what is looked for only then. */
  readonly selected: boolean;
  /** Whether a text that is looked for may be in what is folded, and nowhere else in the entry. */
  readonly holds: (find: string) => boolean;
};

function Repeated({ traceId, spanId, folded, context, selected, holds }: RepeatedProps) {
  const [open, setOpen] = useOpenWithFind(false, holds, selected);
  const span = useEngine('span.get', { traceId, spanId }, { enabled: open });
  const fresh = new Set(folded.input.map((view) => view.key));
  const said = `${formatCount(folded.repeated)} earlier ${folded.repeated === 1 ? 'message' : 'messages'} repeated`;
  return (
    <>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={12} className={open ? styles.turned : undefined} aria-hidden />
        <History size={12} aria-hidden /> … {said}
      </button>
      {open && span.loading && <p className={styles.nothing}>Loading…</p>}
      {open && span.error && <p className={styles.nothing}>{span.error.message}</p>}
      {open && span.data && (
        <div className={styles.repeated}>
          <Contents views={span.data.input.filter((view) => !fresh.has(view.key))} context={context} role="input" />
        </div>
      )}
    </>
  );
}
