/** What a span read or wrote: stored items in order, large ones on demand, known history folded. */
import { useState } from 'react';
import { Download, History } from 'lucide-react';
import { contentText, type ContentItem } from '#shared/message.ts';
import type { ContentView } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { TextView } from '../../../widgets/text-view.tsx';
import { JsonContent, jsonText, MessageView, type MessageActions } from './message-view.tsx';
import { RichText, type Reading } from './rich-text.tsx';
import styles from './content.module.css';

/** A conversation of 5,000 messages opens with the newest of them. */
const AT_ONCE = 40;

type Props = {
  readonly items: readonly ContentView[];
  readonly reading: Reading;
  /** How many of the first items were there before, in the span that came before. */
  readonly known?: number;
  readonly actions?: MessageActions;
  readonly empty: string;
};

export function ContentList({ items, reading, known = 0, actions, empty }: Props) {
  const [history, setHistory] = useState(false);
  const [earlier, setEarlier] = useState(0);
  if (items.length === 0) return <p className={styles.nothing}>{empty}</p>;
  const folded = history ? 0 : known;
  const rest = items.length - folded;
  const from = folded + Math.max(0, rest - AT_ONCE - earlier);
  return (
    <div className={styles.list}>
      {folded > 0 && (
        <button type="button" className={styles.history} onClick={() => setHistory(true)}>
          <History size={13} aria-hidden />
          {formatCount(folded)} earlier {folded === 1 ? 'message' : 'messages'}, as in the generation before
        </button>
      )}
      {from > folded && (
        <Button onClick={() => setEarlier(earlier + 4 * AT_ONCE)}>
          Show {formatCount(Math.min(from - folded, 4 * AT_ONCE))} of {formatCount(from - folded)} earlier
        </Button>
      )}
      {items.slice(from).map((view, index) => (
        <Item
          key={`${from + index}-${view.key}`}
          view={view}
          reading={reading}
          actions={actions}
          single={items.length === 1}
        />
      ))}
    </div>
  );
}

type ItemProps = {
  readonly view: ContentView;
  readonly reading: Reading;
  readonly actions: MessageActions | undefined;
  readonly single: boolean;
};

function Item({ view, reading, actions, single }: ItemProps) {
  if (view.item) return <ItemBody item={view.item} reading={reading} actions={actions} single={single} />;
  return <LargeItem view={view} reading={reading} actions={actions} single={single} />;
}

/** Shows the beginning; the rest crosses the port only when somebody wants to see it. */
function LargeItem({ view, reading, actions, single }: ItemProps) {
  const [wanted, setWanted] = useState(false);
  const content = useEngine('content.get', { key: view.key }, { enabled: wanted });
  if (content.data) return <ItemBody item={content.data} reading={reading} actions={actions} single={single} />;
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
}: {
  item: ContentItem;
  reading: Reading;
  actions: MessageActions | undefined;
  single: boolean;
}) {
  switch (item.kind) {
    case 'message':
      return <MessageView message={item} reading={reading} {...(actions ? { actions } : {})} />;
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
