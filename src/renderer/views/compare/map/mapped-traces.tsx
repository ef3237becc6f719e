/** The traces behind one part of the map: open one, compare two, or take all of them elsewhere. */
import { useMemo, useState } from 'react';
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { BehaviourMap, MappedTrace } from '#shared/behaviour.ts';
import { fieldTerm } from '#shared/query.ts';
import { displayName } from '../../../charts/graph/wording.ts';
import { showBehaviourMap } from '../../../state/behaviour-place.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { LETTERS } from './model/words.ts';
import styles from './map.module.css';

const AT_ONCE = 60;
/** What the engine takes as one search. */
const LONGEST_QUERY = 4_000;

type Props = { readonly map: BehaviourMap; readonly places: readonly number[] };

export function MappedTraces({ map, places }: Props) {
  const [side, setSide] = useState<'have' | 'lack'>('have');
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [most, setMost] = useState(AT_ONCE);
  const traces = useMemo(() => {
    const having = new Set(places);
    return map.traces.filter((_, place) => having.has(place) === (side === 'have'));
  }, [map, places, side]);
  const ids = [...new Set(traces.map(({ id }) => id))];
  const query = fieldTerm('id', ids.join(','));
  const lacking = map.traces.length - places.length;

  function pick(id: string): void {
    setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked.slice(-1), id]);
  }

  return (
    <div className={styles.traces}>
      <div className={styles.tracesHead}>
        <Choice
          label="Which traces"
          value={side}
          onChange={setSide}
          choices={[
            { id: 'have', label: `Have it (${formatCount(places.length)})` },
            { id: 'lack', label: `Lack it (${formatCount(lacking)})` },
          ]}
        />
      </div>
      {traces.length === 0 ? (
        <p className={styles.quiet}>{side === 'have' ? 'No trace has it.' : 'Every trace has it.'}</p>
      ) : (
        <>
          <div className={styles.actions}>
            <Button
              disabled={picked.length !== 2}
              title="Tick two traces, also one that has it and one that lacks it"
              onClick={() => go({ view: 'compare', tab: 'traces', of: picked })}
            >
              Compare two{picked.length > 0 ? ` (${picked.length} ticked)` : ''}
            </Button>
            <Button
              disabled={query.length > LONGEST_QUERY}
              title={query.length > LONGEST_QUERY ? 'Too many for one search' : undefined}
              onClick={() => go({ view: 'traces', q: query })}
            >
              Open in Traces
            </Button>
            <Button disabled={ids.length < 1 || ids.length === map.traces.length} onClick={() => showBehaviourMap(ids)}>
              Map only these
            </Button>
          </div>
          <ul className={styles.traceRows} aria-label="Traces">
            {traces.slice(0, most).map((trace) => (
              <li key={`${trace.group} ${trace.id}`} className={styles.traceRow}>
                <input
                  type="checkbox"
                  aria-label={`Compare ${displayName(trace.name)}`}
                  checked={picked.includes(trace.id)}
                  onChange={() => pick(trace.id)}
                />
                <Verdict trace={trace} />
                <button
                  type="button"
                  className={styles.link}
                  title={displayName(trace.name)}
                  onClick={() => go({ view: 'trace', traceId: trace.id })}
                >
                  <bdi>{displayName(trace.name) || displayName(trace.id)}</bdi>
                </button>
                {map.groups.length > 1 && (
                  <span className={trace.group === 0 ? styles.ofA : styles.ofB}>{LETTERS[trace.group]}</span>
                )}
              </li>
            ))}
          </ul>
          {traces.length > most && (
            <Button variant="ghost" onClick={() => setMost(Infinity)}>
              Show all {formatCount(traces.length)}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

function Verdict({ trace: { passed } }: { readonly trace: MappedTrace }) {
  const Icon = passed === null ? CircleDashed : passed ? CircleCheck : CircleX;
  const word = passed === null ? 'no verdict' : passed ? 'passed' : 'failed';
  const tone = passed === null ? styles.quiet : passed ? styles.passed : styles.failed;
  return (
    <span className={tone} title={word}>
      <Icon size={13} aria-hidden />
      <span className="visually-hidden">{word}</span>
    </span>
  );
}
