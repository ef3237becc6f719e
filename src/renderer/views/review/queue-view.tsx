/** One queue, one item at a time: its trace, its messages, and the form, all by keys. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  ArrowLeft,
  CheckCheck,
  ChevronLeft,
  ChevronRight,
  ExternalLink,
  Flag,
  ListChecks,
  SkipForward,
} from 'lucide-react';
import type { ItemState, QueueState, ReviewItem } from '#shared/review.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { go } from '../../state/place.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { Kbd } from '../../widgets/kbd.tsx';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { AdjudicateItem } from './adjudicate-item.tsx';
import { ItemList } from './item-list.tsx';
import { PairItem } from './pair-item.tsx';
import { PAGE } from './reader.tsx';
import { SingleItem } from './single-item.tsx';
import { useSaving } from './use-labels.ts';
import { useQueue, type QueueWalk } from './use-queue.ts';
import { STATE_NAMES } from './words.ts';
import styles from './review.module.css';

type Props = { readonly queueId: string; readonly itemId: number | null };

export function QueueView({ queueId, itemId }: Props) {
  const walk = useQueue(queueId, itemId);
  const { state, place, item, error } = walk;
  const [listed, setListed] = useState(false);
  const toggleList = useCallback(() => setListed((shown) => !shown), []);
  if (error && !state) {
    return (
      <div className={styles.view}>
        <ErrorState error={error} />
        <Button className={styles.back} onClick={() => go({ tab: null, span: null })}>
          All queues
        </Button>
      </div>
    );
  }
  if (!state || !place) return <Spinner label="Opening the queue" />;
  return (
    <div className={styles.view}>
      <Header state={state} walk={walk} listed={listed} onList={toggleList} />
      {listed && <ItemList queueId={queueId} current={item?.id ?? null} onOpen={walk.open} />}
      {item === null ? (
        <EmptyState
          title="Nothing is left in this queue"
          actions={<Button onClick={() => go({ tab: null, span: null })}>All queues</Button>}
        >
          Its traces were deleted. What was annotated went with them.
        </EmptyState>
      ) : (
        <Item state={state} item={item} walk={walk} onList={toggleList} />
      )}
      {place.nextTodo && place.nextTodo.id !== item?.id && <Ahead queueId={queueId} item={place.nextTodo} />}
    </div>
  );
}

type ItemProps = {
  readonly state: QueueState;
  readonly item: ReviewItem;
  readonly walk: QueueWalk;
  readonly onList: () => void;
};

/** What a kind of item does with the keys that all have: its note is saved before one goes on. */
export type ItemFrame = {
  readonly state: QueueState;
  readonly item: ReviewItem;
  /** Focus rests here while keys act. */
  readonly form: React.RefObject<HTMLElement | null>;
  readonly setDraft: (text: string) => void;
  /** Called before the item is left. */
  readonly onLeave: (save: (() => void) | null) => void;
  readonly finish: (state: ItemState) => void;
};

function Item({ state, item, walk, onList }: ItemProps) {
  const form = useRef<HTMLElement>(null);
  const leave = useRef<(() => void) | null>(null);
  const { finish, open, setDraft, place } = walk;
  const known = place?.item?.id === item.id ? place : null;
  const [previous, next] = [known?.previous ?? null, known?.next ?? null];

  const onLeave = useCallback((save: (() => void) | null) => {
    leave.current = save;
  }, []);
  const end = useCallback(
    (become: ItemState) => {
      leave.current?.();
      finish(become);
    },
    [finish],
  );
  const turn = useCallback(
    (to: ReviewItem | null) => {
      if (!to) return;
      leave.current?.();
      open(to);
    },
    [open],
  );

  useEffect(() => {
    form.current?.focus({ preventScroll: true });
  }, [item.id]);

  const hidden = hidesTrace(state, item);
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'review.done',
        title: 'Done, next item',
        group: 'Review',
        keys: 'enter',
        // On a control, Enter is that control's.
        when: () => !(document.activeElement instanceof HTMLButtonElement) && !isChoice(document.activeElement),
        run: () => end('done'),
      },
      { id: 'review.skip', title: 'Skip this item', group: 'Review', keys: 'x', run: () => end('skipped') },
      { id: 'review.flag', title: 'Flag this item for later', group: 'Review', keys: 'g', run: () => end('flagged') },
      { id: 'review.previous', title: 'Previous item', group: 'Review', keys: '[', run: () => turn(previous) },
      { id: 'review.next', title: 'Next item', group: 'Review', keys: ']', run: () => turn(next) },
      { id: 'review.list', title: 'Show or hide all items', group: 'Review', keys: 'l', run: onList },
      {
        id: 'review.open',
        title: 'Open its trace',
        group: 'Review',
        keys: 'o',
        when: () => !hidden,
        run: () => go({ view: 'trace', traceId: item.traceId, span: item.spanId }),
      },
      { id: 'review.pagedown', title: 'Read on', group: 'Review', keys: 'pagedown', run: () => scrollReader(1) },
      { id: 'review.pageup', title: 'Read back', group: 'Review', keys: 'pageup', run: () => scrollReader(-1) },
    ],
    [end, turn, previous, next, onList, hidden, item.traceId, item.spanId],
  );
  useRegisterCommands(commands);

  const frame: ItemFrame = { state, item, form, setDraft, onLeave, finish: end };
  const { task } = state.queue;
  return task.kind === 'pair' ? (
    <PairItem key={item.id} {...frame} />
  ) : task.kind === 'adjudicate' ? (
    <AdjudicateItem key={item.id} {...frame} />
  ) : (
    // Its panes stay from item to item: to build them anew takes longer than to fill them.
    <SingleItem {...frame} />
  );
}

function Header({
  state: { queue, stopHint },
  walk: { item, place, open, finish },
  listed,
  onList,
}: {
  readonly state: QueueState;
  readonly walk: QueueWalk;
  readonly listed: boolean;
  readonly onList: () => void;
}) {
  const { todo, done, skipped, flagged } = queue.counts;
  const total = todo + done + skipped + flagged;
  const known = place?.item?.id === item?.id ? place : null;
  return (
    <header className={styles.header}>
      <IconButton
        label="All queues"
        icon={<ArrowLeft size={15} aria-hidden />}
        onClick={() => go({ tab: null, span: null })}
      />
      <h1 className={styles.title} title={visibleString(queue.name)}>
        {visibleString(queue.name)}
      </h1>
      {item && (
        <span className={styles.position} role="status">
          {formatCount(item.position + 1)} of {formatCount(total)}
          {item.state !== 'todo' && ` · ${STATE_NAMES[item.state]}`}
        </span>
      )}
      <span
        className={styles.progress}
        role="progressbar"
        aria-label="Progress of the queue"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={total - todo}
      >
        <span style={{ width: `${total === 0 ? 0 : ((total - todo) / total) * 100}%` }} />
      </span>
      <span className={styles.left}>{todo === 0 ? 'all done' : `${formatCount(todo)} to do`}</span>
      <Saved />
      {stopHint !== null && (
        <span className={styles.hint} role="note" title={stopHint}>
          {stopHint}
        </span>
      )}
      <span className={styles.space} />
      {item && (
        <>
          <IconButton
            label="Previous item"
            keys="["
            icon={<ChevronLeft size={15} aria-hidden />}
            disabled={!known?.previous}
            onClick={() => known?.previous && open(known.previous)}
          />
          <IconButton
            label="Next item"
            keys="]"
            icon={<ChevronRight size={15} aria-hidden />}
            disabled={!known?.next}
            onClick={() => known?.next && open(known.next)}
          />
          <Button icon={<ListChecks size={13} aria-hidden />} aria-pressed={listed} onClick={onList}>
            Items <Kbd keys="l" />
          </Button>
          <Button
            icon={<ExternalLink size={13} aria-hidden />}
            disabled={hidesTrace({ queue }, item)}
            title={hidesTrace({ queue }, item) ? HIDDEN : undefined}
            onClick={() => go({ view: 'trace', traceId: item.traceId, span: item.spanId })}
          >
            Open <Kbd keys="o" />
          </Button>
          <Button icon={<SkipForward size={13} aria-hidden />} onClick={() => finish('skipped')}>
            Skip <Kbd keys="x" />
          </Button>
          <Button icon={<Flag size={13} aria-hidden />} onClick={() => finish('flagged')}>
            Flag <Kbd keys="g" />
          </Button>
          <Button variant="primary" icon={<CheckCheck size={13} aria-hidden />} onClick={() => finish('done')}>
            Done <Kbd keys="enter" />
          </Button>
        </>
      )}
    </header>
  );
}

const HIDDEN = 'The trace shows what this queue hides: it can be opened when the item is done';

/** The page of a trace shows all labels and its name. Who settles a dispute knows what was said, and edits it there. */
function hidesTrace({ queue: { blind, task } }: Pick<QueueState, 'queue'>, item: ReviewItem): boolean {
  return (blind.labels || blind.origin) && task.kind !== 'adjudicate' && item.state !== 'done';
}

/** Whether what was pressed is on the disk. */
function Saved() {
  const { acts } = useSaving();
  return (
    <span className={styles.saved} data-saving={acts > 0} aria-live="off">
      {acts > 0 ? 'Saving…' : 'Saved'}
    </span>
  );
}

/** Fetches what the next item shows, while this one is looked at. Draws nothing. */
function Ahead({ queueId, item }: { readonly queueId: string; readonly item: ReviewItem }) {
  const { traceId, spanId, otherTraceId } = item;
  useEngine('queue.at', { queueId, itemId: item.id });
  useEngine('trace.open', { traceId }, { enabled: otherTraceId === null });
  useEngine('trace.get', { traceId });
  useEngine('annotation.list', { traceId });
  useEngine('trace.conversation', { traceId, cursor: 0, limit: PAGE }, { enabled: spanId === null });
  useEngine('span.get', { traceId, spanId: spanId ?? '' }, { enabled: spanId !== null });
  useEngine(
    'trace.conversation',
    { traceId: otherTraceId ?? '', cursor: 0, limit: PAGE },
    { enabled: otherTraceId !== null },
  );
  useEngine('trace.get', { traceId: otherTraceId ?? '' }, { enabled: otherTraceId !== null });
  return null;
}

function isChoice(element: Element | null): boolean {
  return element?.closest('select, a, summary, [role=tree], [role=button]') instanceof Element;
}

function scrollReader(pages: number): void {
  for (const reader of document.querySelectorAll<HTMLElement>('[data-reader]'))
    reader.scrollBy({ top: pages * reader.clientHeight * 0.85 });
}
