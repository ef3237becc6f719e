/** All items of the queue, to go back to any of them. */
import { useState } from 'react';
import type { ItemState, ReviewItem } from '#shared/review.ts';
import { useEngine } from '../../data/engine.ts';
import { Choice } from '../../widgets/choice.tsx';
import { formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { STATE_NAMES } from './words.ts';
import styles from './review.module.css';

const PAGE = 100;

type Filter = ItemState | 'all';

const FILTERS: readonly { readonly id: Filter; readonly label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'todo', label: 'To do' },
  { id: 'done', label: 'Done' },
  { id: 'skipped', label: 'Skipped' },
  { id: 'flagged', label: 'Flagged' },
];

type Props = {
  readonly queueId: string;
  readonly current: number | null;
  readonly onOpen: (item: ReviewItem) => void;
};

export function ItemList({ queueId, current, onOpen }: Props) {
  const [filter, setFilter] = useState<Filter>('all');
  const [cursor, setCursor] = useState(0);
  const queue = useEngine('queue.get', { queueId });
  const page = useEngine(
    'queue.items',
    { queueId, cursor, limit: PAGE, ...(filter === 'all' ? {} : { states: [filter] }) },
    { keepPrevious: true },
  );
  const items = page.data?.items ?? [];
  const total = page.data?.total ?? 0;
  const blind = queue.data?.queue.blind.origin === true;
  return (
    <section className={styles.items} aria-label="Items of the queue">
      <div className={styles.filters}>
        <Choice
          label="Which items"
          choices={FILTERS}
          value={filter}
          onChange={(next) => {
            setFilter(next);
            setCursor(0);
          }}
        />
        {total > PAGE && (
          <span className={styles.keys}>
            {formatCount(cursor + 1)} to {formatCount(Math.min(total, cursor + PAGE))} of {formatCount(total)}
            <button type="button" disabled={cursor === 0} onClick={() => setCursor(Math.max(0, cursor - PAGE))}>
              Earlier
            </button>
            <button type="button" disabled={cursor + PAGE >= total} onClick={() => setCursor(cursor + PAGE)}>
              Later
            </button>
          </span>
        )}
      </div>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              className={styles.itemRow}
              aria-current={item.id === current}
              onClick={() => onOpen(item)}
            >
              <span className={styles.quiet}>{item.position + 1}</span>
              <span>{blind ? `Trace ${item.position + 1}` : visibleString(item.traceName.slice(0, 200))}</span>
              <span>{STATE_NAMES[item.state]}</span>
              <span className={styles.quiet}>{item.why === null ? '' : visibleString(item.why)}</span>
            </button>
          </li>
        ))}
        {page.data && items.length === 0 && <li className={styles.quiet}>None.</li>}
      </ul>
    </section>
  );
}
