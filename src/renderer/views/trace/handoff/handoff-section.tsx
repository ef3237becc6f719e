/** What a handoff passed on of what its sender knew: facts kept, dropped, rewritten or new, each a way to where it stands. */
import { useState } from 'react';
import { ArrowRight, ChevronRight, CircleCheck, CircleMinus, CirclePlus, Pencil } from 'lucide-react';
import type { FactFate, HandoffFact, HandoffFacts, TextPlace } from '#shared/answers.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { Chip } from '../../../widgets/chip.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { useOrigin } from '../origin/origin-state.ts';
import styles from './handoff.module.css';

const AT_ONCE = 12;
const FATES: readonly FactFate[] = ['dropped', 'rewritten', 'new', 'kept'];

const LABELS: { readonly [F in FactFate]: string } = {
  dropped: 'Dropped',
  rewritten: 'Rewritten',
  new: 'New',
  kept: 'Kept',
};

/** `open` = told at once; else when it is asked for. */
export function HandoffSection({
  traceId,
  spanId,
  open: openAtFirst,
}: {
  readonly traceId: string;
  readonly spanId: string;
  readonly open: boolean;
}) {
  const [open, setOpen] = useState(openAtFirst);
  const query = useEngine('trace.handoff', { traceId, spanId }, { enabled: open });
  // A handoff that led nowhere crossed nothing.
  if (query.error?.code === 'not_found' && openAtFirst) return null;
  return (
    <section className={styles.section} aria-label="Facts passed on">
      <button type="button" className={styles.head} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={13} aria-hidden className={open ? styles.opened : undefined} />
        Facts passed on
        {query.data?.unrecorded === null && <span className={styles.summary}>{query.data.summary}</span>}
      </button>
      {open &&
        (query.data ? (
          <Facts data={query.data} />
        ) : query.error ? (
          <ErrorState error={query.error} onRetry={query.refetch} />
        ) : (
          <Spinner label="Comparing what was known with what was given" />
        ))}
    </section>
  );
}

function Facts({ data }: { readonly data: HandoffFacts }) {
  const [fate, setFate] = useState<FactFate | null>(null);
  const [all, setAll] = useState(false);
  const [more, setMore] = useState(0);
  if (data.unrecorded !== null) return <p className={styles.note}>{data.summary}</p>;
  const { counts, others } = data;
  const rest = FATES.reduce((sum, each) => sum + others[each], 0);
  const wanted = data.facts.filter((fact) => (all || fact.matters) && (fate === null || fact.fate === fate));
  const shown = wanted.slice(0, AT_ONCE + more);
  const count = (each: FactFate): number => counts[each] + (all ? others[each] : 0);
  return (
    <div className={styles.body}>
      {data.inferred && (
        <p className={styles.note}>
          No span states this handoff. The receiver may have read more than the messages that are recorded.
        </p>
      )}
      <div className={styles.filter} role="group" aria-label="Show facts">
        {FATES.filter((each) => count(each) > 0).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={fate === each}
            data-fate={each}
            className={styles.fate}
            onClick={() => setFate(fate === each ? null : each)}
          >
            {ICONS[each]} {LABELS[each]} {formatCount(count(each))}
          </button>
        ))}
        {rest > 0 && (
          <label className={styles.all}>
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
            {formatCount(rest)} more, from tool results and instructions
          </label>
        )}
      </div>
      {wanted.length === 0 ? (
        <p className={styles.note}>{rest > 0 && !all ? 'None that the user or the sender stated.' : 'No facts.'}</p>
      ) : (
        <ul className={styles.facts}>
          {shown.map((fact, index) => (
            <Fact key={index} fact={fact} />
          ))}
        </ul>
      )}
      {shown.length < wanted.length && (
        <button type="button" className={styles.link} onClick={() => setMore(more + 40)}>
          Show {formatCount(Math.min(40, wanted.length - shown.length))} of {formatCount(wanted.length - shown.length)}{' '}
          more
        </button>
      )}
      {!data.complete && <p className={styles.note}>Very long texts were not looked at as a whole.</p>}
    </div>
  );
}

function Fact({ fact }: { readonly fact: HandoffFact }) {
  return (
    <li className={styles.fact} data-fate={fact.fate}>
      <span className={styles.icon} title={LABELS[fact.fate]}>
        {ICONS[fact.fate]}
        <span className={styles.unseen}>{LABELS[fact.fate]}</span>
      </span>
      <span className={styles.said}>
        <PlaceLink place={fact.sent ?? fact.given} text={fact.text} side={fact.sent ? 'sender' : 'receiver'} />
        {fact.became !== null && fact.given && (
          <>
            <ArrowRight size={12} aria-label="became" />
            <PlaceLink place={fact.given} text={fact.became} side="receiver" />
          </>
        )}
        {fact.fate === 'kept' && fact.given && <PlaceLink place={fact.given} text="as given" side="receiver" quiet />}
      </span>
      <span className={styles.kind}>
        {fact.voice === 'user' && <Chip tone="accent">user</Chip>}
        {fact.voice === 'instructions' && <Chip>instructions</Chip>}
        {fact.kind}
      </span>
    </li>
  );
}

function PlaceLink({
  place,
  text,
  side,
  quiet = false,
}: {
  readonly place: TextPlace | null;
  readonly text: string;
  readonly side: 'sender' | 'receiver';
  readonly quiet?: boolean;
}) {
  const selectSpan = useSelection((state) => state.selectSpan);
  const show = useOrigin((state) => state.show);
  if (!place) return <span>{visibleString(text)}</span>;
  return (
    <button
      type="button"
      className={quiet ? styles.link : styles.place}
      title={`${place.before}${place.text}${place.after}`.slice(0, 600)}
      aria-label={`${visibleString(text.slice(0, 200))}: go to where the ${side} had it`}
      onClick={() => {
        show({ spanId: place.spanId, side: place.side, contentKey: place.contentKey, text: place.text });
        selectSpan(place.spanId);
      }}
    >
      {visibleString(text.slice(0, 300))}
    </button>
  );
}

const ICONS = {
  dropped: <CircleMinus size={13} aria-hidden />,
  rewritten: <Pencil size={13} aria-hidden />,
  new: <CirclePlus size={13} aria-hidden />,
  kept: <CircleCheck size={13} aria-hidden />,
} as const;
