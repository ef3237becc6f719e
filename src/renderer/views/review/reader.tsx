/** The messages of a trace in order, or those of one span: what is judged. The first are drawn at once, the rest after. */
import { memo, useEffect, useRef, useState } from 'react';
import { CircleAlert } from 'lucide-react';
import type { ConversationEntry } from '#shared/graph.ts';
import { useEngine } from '../../data/engine.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { KindIcon } from '../../theme/kind-icon.tsx';
import { AgentChip } from '../../widgets/chip.tsx';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { TextView } from '../../widgets/text-view.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { Contents } from './contents.tsx';
import styles from './reader.module.css';

/** One page of a conversation; the next waits for a click. */
export const PAGE = 60;
const FIRST = 3;
const ERROR = 2_000;

type Props = {
  readonly traceId: string;
  /** Whose messages alone are the item; null = the whole trace. */
  readonly spanId: string | null;
  /** Scrolled to and marked. */
  readonly selected: string | null;
  /** The span that is marked as decisive. */
  readonly decisive: string | null;
  readonly label: string;
};

export function Reader(props: Props) {
  return props.spanId === null ? (
    <Conversation key={props.traceId} {...props} />
  ) : (
    <OneSpan key={`${props.traceId} ${props.spanId}`} {...props} itemSpan={props.spanId} />
  );
}

function Conversation({ traceId, selected, decisive, label }: Props) {
  const [pages, setPages] = useState(1);
  const [drawn, setDrawn] = useState(FIRST);
  const first = useEngine('trace.conversation', { traceId, cursor: 0, limit: PAGE });
  const box = useRef<HTMLDivElement>(null);
  const entries = first.data?.entries ?? [];
  const shown = entries.slice(0, drawn);
  const known = entries.some(({ spanId }) => spanId === selected);

  useEffect(() => {
    if (drawn >= entries.length) return;
    const frame = requestIdleCallback(() => setDrawn((count) => count + 6), { timeout: 200 });
    return () => cancelIdleCallback(frame);
  }, [drawn, entries.length]);

  useEffect(() => {
    if (selected === null) return;
    box.current?.querySelector(`[data-entry="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [selected, drawn]);

  return (
    <div ref={box} className={styles.reader} tabIndex={0} role="region" aria-label={label} data-reader>
      {first.error && <ErrorState error={first.error} onRetry={first.refetch} />}
      {first.loading && <Spinner label="Loading the messages" />}
      {selected !== null && first.data && !known && (
        <section className={styles.extra} aria-label="Selected step">
          <SpanMessages traceId={traceId} spanId={selected} />
        </section>
      )}
      {shown.map((entry, at) => (
        <Entry
          key={entry.spanId}
          entry={entry}
          same={at > 0 && shown[at - 1]?.agent === entry.agent}
          selected={entry.spanId === selected}
          decisive={entry.spanId === decisive}
        />
      ))}
      {first.data && entries.length === 0 && (
        <p className={styles.nothing}>The source did not send what was said in this trace.</p>
      )}
      {drawn >= PAGE &&
        Array.from({ length: pages - 1 }, (_, at) => (
          <FurtherPage key={at} traceId={traceId} page={at + 1} selected={selected} decisive={decisive} />
        ))}
      {drawn >= entries.length && first.data && first.data.total > pages * PAGE && (
        <button type="button" className={styles.more} onClick={() => setPages(pages + 1)}>
          Show {Math.min(PAGE, first.data.total - pages * PAGE)} more of {first.data.total}
        </button>
      )}
    </div>
  );
}

type PageProps = Pick<Props, 'traceId' | 'selected' | 'decisive'> & { readonly page: number };

function FurtherPage({ traceId, page, selected, decisive }: PageProps) {
  const { data } = useEngine('trace.conversation', { traceId, cursor: page * PAGE, limit: PAGE });
  return data?.entries.map((entry) => (
    <Entry
      key={entry.spanId}
      entry={entry}
      same={false}
      selected={entry.spanId === selected}
      decisive={entry.spanId === decisive}
    />
  ));
}

type EntryProps = {
  readonly entry: ConversationEntry;
  readonly same: boolean;
  readonly selected: boolean;
  readonly decisive: boolean;
};

const Entry = memo(function Entry({ entry, same, selected, decisive }: EntryProps) {
  const { solid } = agentColour(entry.agent ?? '');
  return (
    <article
      className={`${styles.entry} ${selected ? styles.selected : ''}`}
      style={{ borderLeftColor: solid }}
      data-entry={entry.spanId}
    >
      <header className={styles.head}>
        <KindIcon kind={entry.kind} size={13} />
        {!same && <AgentChip name={entry.agent ?? ''} />}
        <span className={styles.name}>{visibleString(entry.name.slice(0, 200))}</span>
        {decisive && <span className={styles.decisive}>decisive</span>}
      </header>
      {entry.error !== null && (
        <div className={styles.error} role="note" aria-label="Error">
          <CircleAlert size={13} aria-hidden />
          <TextView text={entry.error.slice(0, ERROR)} mono={false} />
        </div>
      )}
      <Contents views={entry.input} role={entry.kind === 'tool' ? 'arguments' : 'input'} />
      <Contents views={entry.output} role={entry.kind === 'tool' ? 'result' : 'output'} />
      {entry.kind === 'generation' && entry.input.length + entry.output.length + entry.repeated === 0 && (
        <p className={styles.nothing}>The source did not send what was said.</p>
      )}
    </article>
  );
});

function OneSpan({ traceId, itemSpan, selected, label }: Props & { readonly itemSpan: string }) {
  return (
    <div className={styles.reader} tabIndex={0} role="region" aria-label={label} data-reader>
      {selected !== null && selected !== itemSpan && (
        <section className={styles.extra} aria-label="Selected step">
          <SpanMessages traceId={traceId} spanId={selected} />
        </section>
      )}
      <SpanMessages traceId={traceId} spanId={itemSpan} />
    </div>
  );
}

function SpanMessages({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }) {
  const span = useEngine('span.get', { traceId, spanId });
  if (span.error) return <ErrorState error={span.error} onRetry={span.refetch} />;
  if (!span.data) return <Spinner label="Loading the span" />;
  const { kind, name, agent, error, input, output } = span.data;
  return (
    <article className={styles.entry} style={{ borderLeftColor: agentColour(agent ?? '').solid }}>
      <header className={styles.head}>
        <KindIcon kind={kind} size={13} />
        <AgentChip name={agent ?? ''} />
        <span className={styles.name}>{visibleString(name.slice(0, 200))}</span>
      </header>
      {error !== null && (
        <div className={styles.error} role="note" aria-label="Error">
          <CircleAlert size={13} aria-hidden />
          <TextView text={error.message.slice(0, ERROR)} mono={false} />
        </div>
      )}
      <Contents views={input} role={kind === 'tool' ? 'arguments' : 'input'} fromEnd />
      <Contents views={output} role={kind === 'tool' ? 'result' : 'output'} />
      {input.length + output.length === 0 && <p className={styles.nothing}>This span has neither input nor output.</p>}
    </article>
  );
}
