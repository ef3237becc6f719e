/** What became of everything that was received: ten counts, and behind each its spans and bytes. */
import { useState } from 'react';
import { ArrowRight, X } from 'lucide-react';
import type { LedgerCounts, LedgerItem, LedgerKind } from '#shared/ledger.ts';
import { LEDGER_KINDS } from '#shared/ledger.ts';
import { useEngine } from '../../data/engine.ts';
import { go, replacePlace, usePlace } from '../../state/place.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { ReceivedBytes } from '../../widgets/received-bytes.tsx';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { TextView } from '../../widgets/text-view.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { LedgerList } from './ledger-list.tsx';
import styles from './ledger-view.module.css';

/** What each count is about, and whether it is bad news. */
const KINDS: {
  readonly [K in LedgerKind]: { readonly says: string; readonly tone: 'plain' | 'good' | 'warn' | 'bad' };
} = {
  received: { says: 'Spans as they were sent, those sent again included.', tone: 'plain' },
  understood: { says: 'Spans of a convention that is known.', tone: 'good' },
  guessed: { says: 'Spans of no known convention, or told by messages only.', tone: 'warn' },
  unmapped: { says: 'Fields and items without a place here; kept as received.', tone: 'warn' },
  dropped: { says: 'Items that could not be taken; their bytes are kept.', tone: 'bad' },
  late: { says: 'Spans that came over ten seconds after their root.', tone: 'warn' },
  orphaned: { says: 'Spans whose parent never came.', tone: 'warn' },
  duplicated: { says: 'Spans and requests that were sent again.', tone: 'plain' },
  truncated: { says: 'Fields that were shortened, by the sender or here.', tone: 'warn' },
  skewed: { says: 'Spans that start before their parent: clocks differ.', tone: 'warn' },
};

/** Shown first: what a person comes here for. */
const FIRST: readonly LedgerKind[] = ['dropped', 'orphaned', 'guessed', 'unmapped'];

/** The search text of the place is the id of one trace; '' = the whole workspace. */
export function LedgerView() {
  const { q: traceId, tab } = usePlace();
  const of = traceId === '' ? {} : { traceId };
  const counts = useEngine('ledger.get', of, { keepPrevious: true });
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.title}>Ledger</h1>
        <p className={styles.about}>What became of everything that was received. Nothing is dropped silently.</p>
        {traceId !== '' && (
          <span className={styles.scope}>
            only <code>{visibleString(traceId.slice(0, 60))}</code>
            <IconButton
              label="The whole workspace"
              icon={<X size={13} aria-hidden />}
              onClick={() => replacePlace({ q: '' })}
            />
          </span>
        )}
      </header>
      {counts.data ? (
        <Kinds key={traceId} data={counts.data} of={of} tab={tab} />
      ) : counts.error ? (
        <ErrorState error={counts.error} onRetry={counts.refetch} />
      ) : (
        <Spinner label="Loading the ledger" />
      )}
    </div>
  );
}

type KindsProps = {
  readonly data: LedgerCounts;
  readonly of: { readonly traceId?: string };
  readonly tab: string | null;
};

function Kinds({ data, of, tab }: KindsProps) {
  const [picked, setPicked] = useState<LedgerItem | null>(null);
  const kind = LEDGER_KINDS.find((each) => each === tab) ?? FIRST.find((each) => data[each] > 0) ?? 'received';
  function choose(next: LedgerKind): void {
    setPicked(null);
    replacePlace({ tab: next });
  }
  return (
    <div className={styles.body}>
      <ul className={styles.kinds} aria-label="Counts">
        {LEDGER_KINDS.map((each) => (
          <li key={each}>
            <button
              type="button"
              className={styles.kind}
              aria-current={each === kind}
              data-tone={data[each] === 0 ? 'none' : KINDS[each].tone}
              onClick={() => choose(each)}
            >
              <span className={styles.name}>{each}</span>
              <span className={styles.count}>{formatCount(data[each])}</span>
              <span className={styles.says}>{KINDS[each].says}</span>
            </button>
          </li>
        ))}
      </ul>
      {data[kind] === 0 ? (
        <EmptyState title={data.received === 0 ? 'Nothing has been received yet' : `Nothing is ${kind}`}>
          {KINDS[kind].says}
        </EmptyState>
      ) : (
        <LedgerList key={kind} kind={kind} of={of} picked={picked} onPick={setPicked} />
      )}
      {picked && <Item item={picked} onClose={() => setPicked(null)} />}
    </div>
  );
}

function Item({ item, onClose }: { readonly item: LedgerItem; readonly onClose: () => void }) {
  const { traceId, spanId } = item;
  return (
    <aside className={styles.item} aria-label="What was received">
      <div className={styles.itemHead}>
        <h2 className={`${styles.itemTitle} selectable`}>{visibleString(item.label.slice(0, 500))}</h2>
        <IconButton label="Close" icon={<X size={14} aria-hidden />} onClick={onClose} />
      </div>
      {traceId !== null && (
        <Button
          icon={<ArrowRight size={13} aria-hidden />}
          onClick={() => go({ view: 'trace', traceId, ...(spanId === null ? {} : { span: spanId }) })}
        >
          {spanId === null ? 'Open its trace' : 'Open in its trace'}
        </Button>
      )}
      {item.detail !== null && item.detail !== '' && <TextView text={item.detail} />}
      {item.rawKey === null ? (
        <p className={styles.says}>The received bytes were deleted with another trace of the same request.</p>
      ) : (
        <Bytes key={item.rawKey} rawKey={item.rawKey} spanId={spanId} />
      )}
    </aside>
  );
}

function Bytes({ rawKey, spanId }: { readonly rawKey: number; readonly spanId: string | null }) {
  const raw = useEngine('raw.get', { rawKey });
  if (raw.error) return <ErrorState error={raw.error} onRetry={raw.refetch} />;
  return raw.data ? <ReceivedBytes raw={raw.data} spanId={spanId} /> : <Spinner label="Loading the received bytes" />;
}
