/** What a span read or wrote: stored items in order, large ones on demand, known history folded. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Download, History } from 'lucide-react';
import type { CallCheck } from '#shared/context.ts';
import { contentText, type ContentItem } from '#shared/message.ts';
import type { ContentView } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { indexOfText, useFindText, useOpenWithFind } from '../../../widgets/find-text.ts';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { TextView } from '../../../widgets/text-view.tsx';
import { useOrigin } from '../origin/origin-state.ts';
import { JsonContent, jsonText, MessageView, type MessageActions } from './message-view.tsx';
import { RichText, type Reading } from './rich-text.tsx';
import styles from './content.module.css';

/** A conversation of 5,000 messages opens with the newest of them. */
const AT_ONCE = 40;
const MORE = 4 * AT_ONCE;
/** Bytes of an item that are loaded to look for a text in it. */
const LOADED_UNASKED = 16_000_000;

/** Items to go to: `at` grows with each request, so that the same can be asked for again. */
export type Jump = { readonly indices: readonly number[]; readonly at: number };

type Props = {
  readonly items: readonly ContentView[];
  readonly reading: Reading;
  /** How many of the first items were there before, in the span that came before. */
  readonly known?: number;
  readonly actions?: MessageActions;
  readonly empty: string;
  /** Scrolls to the first of them and marks them all. */
  readonly jump?: Jump | null;
  /** What schemas say of the tool calls in these items. */
  readonly checks?: readonly CallCheck[];
};

export function ContentList({ items, reading, known = 0, actions, empty, jump = null, checks = [] }: Props) {
  const [history, setHistory] = useOpenWithFind(false, (find) => firstHolding(items.slice(0, known), find) >= 0);
  const [earlier, setEarlier] = useState(0);
  const [later, setLater] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const gone = jump?.indices.find((index) => index < items.length) ?? -1;
  const jumpAt = jump?.at ?? 0;
  useEffect(() => {
    if (gone >= 0) list.current?.querySelector(`[data-index="${gone}"]`)?.scrollIntoView({ block: 'start' });
  }, [gone, jumpAt]);
  const marked = useOrigin(({ mark }) => mark?.contentKey ?? null);
  const first = useFirstHolding(items);
  if (items.length === 0) return <p className={styles.nothing}>{empty}</p>;
  // A content that somebody was led to is in sight, however long ago it was said.
  const led = marked === null ? -1 : items.findIndex((view) => view.key === marked);
  const folded = history || [led, gone].some((index) => index >= 0 && index < known) ? 0 : known;
  const newest = folded + Math.max(0, items.length - folded - AT_ONCE);
  // Far from the end, a window around the place: the thousands of messages behind it are not drawn.
  const place = [led, gone, first].find((index) => index >= folded) ?? -1;
  const around = place >= 0 && place < newest;
  const from = Math.max(folded, (around ? place - 3 : newest) - earlier);
  const to = around ? Math.min(items.length, place + AT_ONCE + later) : items.length;
  const meant = new Set(jump?.indices);
  return (
    <div ref={list} className={styles.list}>
      {folded > 0 && (
        <button type="button" className={styles.history} onClick={() => setHistory(true)}>
          <History size={13} aria-hidden />
          {formatCount(folded)} earlier {folded === 1 ? 'message' : 'messages'}, as in the generation before
        </button>
      )}
      {from > folded && (
        <Button onClick={() => setEarlier(earlier + MORE)}>
          Show {formatCount(Math.min(from - folded, MORE))} of {formatCount(from - folded)} earlier
        </Button>
      )}
      {items.slice(from, to).map((view, index) => (
        <div
          key={`${from + index}-${view.key}`}
          className={styles.item}
          data-content-key={view.key}
          data-index={from + index}
          data-meant={meant.has(from + index) || undefined}
        >
          <Item
            view={view}
            reading={reading}
            actions={actions}
            single={items.length === 1}
            checks={checks.filter((check) => check.place?.item === from + index)}
          />
        </div>
      ))}
      {to < items.length && (
        <Button onClick={() => setLater(later + MORE)}>
          Show {formatCount(Math.min(items.length - to, MORE))} of {formatCount(items.length - to)} later
        </Button>
      )}
    </div>
  );
}

/** Index of the first item that holds a text, -1 = none does, as far as it is here. */
export function firstHolding(items: readonly ContentView[], find: string): number {
  return items.findIndex((view) => indexOfText(view.item ? contentText(view.item) : (view.preview ?? ''), find) >= 0);
}

function useFirstHolding(items: readonly ContentView[]): number {
  const find = useFindText();
  return useMemo(() => (find === '' ? -1 : firstHolding(items, find)), [items, find]);
}

type ItemProps = {
  readonly view: ContentView;
  readonly reading: Reading;
  readonly actions: MessageActions | undefined;
  readonly single: boolean;
  readonly checks: readonly CallCheck[];
};

function Item(props: ItemProps) {
  const { view, ...rest } = props;
  return view.item ? <ItemBody item={view.item} {...rest} /> : <LargeItem {...props} />;
}

/** Shows the beginning; the rest crosses the port only when somebody wants to see it. */
function LargeItem({ view, ...rest }: ItemProps) {
  // Whether the rest holds what is looked for, only the rest can tell.
  const [wanted, setWanted] = useOpenWithFind(
    false,
    (find) => view.size <= LOADED_UNASKED && indexOfText(view.preview ?? '', find) < 0,
  );
  const content = useEngine('content.get', { key: view.key }, { enabled: wanted });
  if (content.data) return <ItemBody item={content.data} {...rest} />;
  return (
    <div className={styles.large}>
      <TextView text={view.preview ?? ''} />
      <div className={styles.largeFoot}>
        <Button
          icon={<Download size={13} aria-hidden />}
          disabled={content.loading}
          onClick={() => (content.error ? content.refetch() : setWanted(true))}
        >
          {content.loading ? 'Loading…' : `Load ${formatBytes(view.size)}`}
        </Button>
        <span>{content.error ? content.error.message : 'This is only the beginning.'}</span>
      </div>
    </div>
  );
}

function ItemBody({
  item,
  reading,
  actions,
  single,
  checks,
}: Omit<ItemProps, 'view'> & { readonly item: ContentItem }) {
  switch (item.kind) {
    case 'message':
      return <MessageView message={item} reading={reading} checks={checks} {...(actions ? { actions } : {})} />;
    case 'json':
      return (
        <div className={styles.plain}>
          <span className={styles.corner}>
            <CopyButton label="Copy JSON" text={() => jsonText(item.value)} />
          </span>
          <JsonContent value={item.value} reading={reading} empty="empty value" />
        </div>
      );
    case 'text':
      return (
        <div className={styles.plain}>
          <span className={styles.corner}>
            <CopyButton label="Copy text" text={() => contentText(item)} />
          </span>
          <RichText text={item.text} reading={reading} whole={single} />
        </div>
      );
  }
}
