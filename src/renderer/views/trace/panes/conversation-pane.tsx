/** The conversation of a trace as a person reads it, one entry after the other, repeated history folded. */
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { MessagesSquare } from 'lucide-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { engine, useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { useFindText } from '../../../widgets/find-text.ts';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { useTextMarks } from '../../../widgets/text-marks.ts';
import type { Context } from './conversation/content-view.tsx';
import { EntryView } from './conversation/entry-view.tsx';
import { findEntry, type ReadEntries } from './conversation/find-entry.ts';
import { useFollowPlayback, usePresence } from './conversation/follow.ts';
import { foldSeen } from './conversation/fold-seen.ts';
import { pairCalls } from './conversation/pair-calls.ts';
import { rowIndex } from '../model/row-index.ts';
import { useEntries } from './conversation/use-entries.tsx';
import styles from './conversation/conversation.module.css';

/** Nearer than this to the end, the reader follows what is being added. */
const FOLLOW_PX = 48;

export function ConversationPane({ traceId }: { traceId: string }) {
  return <Conversation key={traceId} traceId={traceId} />;
}

function Conversation({ traceId }: { readonly traceId: string }) {
  const entries = useEntries(traceId);
  if (entries.total === null) {
    return (
      <div className={styles.middle}>
        {entries.loaders}
        {entries.error ? (
          <ErrorState error={entries.error} onRetry={entries.retry} />
        ) : (
          <Spinner label="Reading the conversation" />
        )}
      </div>
    );
  }
  if (entries.total === 0) {
    return (
      <div className={styles.middle}>
        {entries.loaders}
        <EmptyState title="Nothing was said in this trace" icon={<MessagesSquare size={22} aria-hidden />}>
          It has no generation, tool call, handoff or guardrail. The tree shows the spans that it has.
        </EmptyState>
      </div>
    );
  }
  return <Feed traceId={traceId} entries={entries} total={entries.total} />;
}

type FeedProps = { readonly traceId: string; readonly entries: ReturnType<typeof useEntries>; readonly total: number };

function Feed({ traceId, entries, total }: FeedProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { at, want } = entries;
  const list = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => 110,
    getItemKey: (index) => at(index)?.spanId ?? index,
    overscan: 4,
    paddingStart: 8,
    paddingEnd: 24,
  });
  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => want(first, last), [want, first, last]);

  const { selectSpan } = useSelection.getState();
  const selectedId = useSelection((state) => state.spanId);
  // A click here needs no scrolling: the entry is where the pointer is.
  const own = useRef<string | null>(null);
  const select = useCallback(
    (spanId: string, here: boolean) => {
      own.current = here ? spanId : null;
      selectSpan(spanId);
    },
    [selectSpan],
  );
  const pairs = useMemo(() => pairCalls(entries.loaded), [entries.loaded]);
  const folds = useMemo(() => foldSeen(entries.loaded), [entries.loaded]);
  const context = useMemo<Context>(() => ({ pairs, onSelect: (spanId) => select(spanId, false) }), [pairs, select]);

  const detail = useEngine('trace.open', { traceId }).data;
  const origin = detail?.trace.startNs ?? null;
  const [nearest, setNearest] = useState<number | null>(null);
  useScrollToSelected({ traceId, total, entries, list, selectedId, own, detail, onFound: setNearest });
  useFollowEnd(scroller, total, list);
  const columns = detail?.columns ?? null;
  const presence = usePresence(
    columns,
    // The one before the first, too: whether something is the first that has not happened depends on it.
    [first - 1, ...items.map(({ index }) => index)].map((index) => at(index)?.spanId),
  );
  useTextMarks(scroller, useFindText(), { first: '[aria-current=true]', target: selectedId ?? '' });
  const searching = useRef<AbortController | null>(null);
  useEffect(() => () => searching.current?.abort(), []);
  useFollowPlayback({
    entries: entries.loaded.length === total ? entries.loaded : null,
    presence,
    scrollTo: (index) => list.scrollToIndex(index, { align: 'auto' }),
    async search(spanId) {
      const controller = new AbortController();
      searching.current = controller;
      const row = columns ? (rowIndex(columns).get(spanId) ?? -1) : -1;
      const start = row < 0 ? null : absolute(origin, columns?.start[row] ?? Number.NaN);
      return (await findEntry(readEntries(traceId, controller.signal), total, spanId, start))?.index ?? null;
    },
  });

  const focused = items.find((item) => at(item.index)?.spanId === selectedId)?.index ?? nearest ?? first;

  function move(event: React.KeyboardEvent): void {
    if (
      event.target !== event.currentTarget &&
      !(event.target instanceof HTMLElement && event.target.getAttribute('role') === 'article')
    )
      return;
    const step =
      event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    const target = event.key === 'Home' ? 0 : event.key === 'End' ? total - 1 : step === 0 ? null : focused + step;
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(total - 1, target));
    list.scrollToIndex(index, { align: 'auto' });
    const entry = at(index);
    setNearest(index);
    if (entry) select(entry.spanId, true);
  }

  return (
    <section className={styles.pane} aria-label="Conversation">
      {entries.loaders}
      <div
        ref={scroller}
        className={styles.scroller}
        role="feed"
        aria-busy={at(first) === null}
        aria-label={`${formatCount(total)} entries`}
        tabIndex={0}
        onKeyDown={move}
        data-testid="conversation"
      >
        <div className={styles.height} style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const entry = at(item.index);
            const before = item.index === 0 ? null : at(item.index - 1);
            const is = entry ? presence(entry.spanId) : 'now';
            const isFirstLater = is === 'later' && (before === null || presence(before.spanId) !== 'later');
            return (
              <div
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                className={styles.item}
                style={{ transform: `translateY(${item.start}px)` }}
                role="article"
                aria-posinset={item.index + 1}
                aria-setsize={total}
                aria-current={entry !== null && entry.spanId === selectedId ? 'true' : undefined}
                aria-label={entry ? `${entry.agent ?? 'no agent'}, ${entry.kind}, ${entry.name}` : 'Loading'}
                data-testid={entry ? `entry:${entry.spanId}` : undefined}
                onClick={(event) => {
                  if (entry && isPlainClick(event)) select(entry.spanId, true);
                }}
              >
                {entry ? (
                  <>
                    {isFirstLater && <p className={styles.notYet}>Not yet happened</p>}
                    {/* What has not happened is not there to be read or walked to; a click on it goes to the list. */}
                    <div className={styles.presence} data-presence={is} inert={is === 'later'}>
                      <EntryView
                        traceId={traceId}
                        entry={entry}
                        folded={folds.get(entry.spanId) ?? entry}
                        same={
                          before !== null &&
                          before.kind !== 'handoff' &&
                          before.agent === entry.agent &&
                          before.depth === entry.depth
                        }
                        offset={offsetOf(entry.startNs, origin)}
                        selected={entry.spanId === selectedId}
                        context={context}
                      />
                    </div>
                  </>
                ) : (
                  <div className={styles.placeholder} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

type ScrollArgs = {
  readonly traceId: string;
  readonly total: number;
  readonly entries: ReturnType<typeof useEntries>;
  readonly list: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;
  readonly selectedId: string | null;
  readonly own: React.RefObject<string | null>;
  readonly detail:
    | {
        readonly trace: { readonly startNs: string | null };
        readonly columns: { readonly ids: readonly string[]; readonly start: Float64Array };
      }
    | undefined;
  readonly onFound: (index: number) => void;
};

/** Brings the selected span into sight when it was selected elsewhere, once for each selection. */
function useScrollToSelected({ traceId, total, entries, list, selectedId, own, detail, onFound }: ScrollArgs): void {
  const done = useRef<string | null>(null);
  // Heights are known only once the entries are there: what was a good guess of the place is corrected then.
  const goal = useRef<{ readonly index: number; readonly align: 'center' | 'start' } | null>(null);
  const { at } = entries;
  const scrollTo = useEffectEvent((index: number, align: 'center' | 'start') => {
    goal.current = { index, align };
    list.scrollToIndex(index, { align });
    onFound(index);
  });
  useEffect(() => {
    const wanted = goal.current;
    if (!wanted || at(wanted.index) === null) return undefined;
    goal.current = null;
    const frame = requestAnimationFrame(() => list.scrollToIndex(wanted.index, { align: wanted.align }));
    return () => cancelAnimationFrame(frame);
  }, [at, list]);

  useEffect(() => {
    if (selectedId === null || done.current === selectedId) return undefined;
    if (own.current === selectedId) {
      done.current = selectedId;
      return undefined;
    }
    const known =
      entries.loaded.length === total ? entries.loaded.findIndex((entry) => entry.spanId === selectedId) : -1;
    if (known >= 0) {
      done.current = selectedId;
      scrollTo(known, 'center');
      return undefined;
    }
    if (!detail) return undefined;
    done.current = selectedId;
    const controller = new AbortController();
    const row = detail.columns.ids.indexOf(selectedId);
    const start = row < 0 ? null : absolute(detail.trace.startNs, detail.columns.start[row] ?? Number.NaN);
    findEntry(readEntries(traceId, controller.signal), total, selectedId, start).then(
      (found) => {
        if (!found || controller.signal.aborted) return;
        scrollTo(found.index, found.exact ? 'center' : 'start');
      },
      // The pane's own page requests show what fails.
      () => undefined,
    );
    return () => controller.abort();
    // Once for each selection: neither new pages nor new spans may move what is being read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId, detail === undefined]);
}

/** A reader at the end stays at the end while entries are added; nobody else is moved. */
function useFollowEnd(scroller: React.RefObject<HTMLDivElement | null>, total: number, list: ScrollArgs['list']): void {
  const atEnd = useRef(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    function look(): void {
      if (element)
        atEnd.current =
          element.scrollTop > 0 && element.scrollHeight - element.clientHeight - element.scrollTop < FOLLOW_PX;
    }
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [scroller]);
  const before = useRef(total);
  useEffect(() => {
    if (total > before.current && atEnd.current) list.scrollToIndex(total - 1, { align: 'end' });
    before.current = total;
  }, [total, list]);
}

function readEntries(traceId: string, signal: AbortSignal): ReadEntries {
  return async (cursor, limit) =>
    (await engine.call('trace.conversation', { traceId, cursor, limit }, { signal })).entries;
}

function isPlainClick(event: React.MouseEvent): boolean {
  const inner = event.target instanceof Element && event.target.closest('button, a, input, [role=treeitem]');
  return !inner && (getSelection()?.isCollapsed ?? true);
}

function absolute(originNs: string | null, offset: number): bigint | null {
  return originNs === null || Number.isNaN(offset) ? null : BigInt(originNs) + BigInt(Math.round(offset));
}

function offsetOf(startNs: string | null, originNs: string | null): number | null {
  return startNs === null || originNs === null ? null : Number(BigInt(startNs) - BigInt(originNs));
}
