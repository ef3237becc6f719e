/** All edges as a list: what separates two groups first, or what most traces have. Arrow keys walk it, and the picture follows. */
import { useMemo, useRef, useState } from 'react';
import type { BehaviourEdge, BehaviourMap } from '#shared/behaviour.ts';
import { edgeKey } from '../../../charts/graph/view-graph.ts';
import { EDGE_WORDS } from '../../../charts/graph/wording.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { edgeTitle, leanOf, LETTERS, namesOf, percent, pValue, rankEdges, timesEach } from './model/words.ts';
import styles from './map.module.css';

const AT_ONCE = 100;

type Props = {
  readonly map: BehaviourMap;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
};

export function EdgeList({ map, selected, onSelect }: Props) {
  const ranked = useMemo(() => rankEdges(map), [map]);
  const nameOf = useMemo(() => namesOf(map), [map]);
  const [most, setMost] = useState(AT_ONCE);
  const list = useRef<HTMLUListElement>(null);
  const shown = ranked.slice(0, most);
  const tabStop = shown.some((edge) => edgeKey(edge) === selected) ? selected : shown[0] ? edgeKey(shown[0]) : null;
  const traces = map.traces.length - map.shared;
  const tested = ranked.some(({ separates }) => separates !== null);
  const sure = ranked.filter(({ separates }) => (separates?.pAdjusted ?? 1) < 0.05).length;

  function keyDown(event: React.KeyboardEvent, at: number): void {
    const target =
      event.key === 'ArrowDown'
        ? at + 1
        : event.key === 'ArrowUp'
          ? at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? shown.length - 1
              : null;
    const next = target === null ? undefined : shown[target];
    if (!next || target === null) return;
    event.preventDefault();
    onSelect(edgeKey(next));
    list.current?.querySelectorAll<HTMLElement>('button')[target]?.focus();
  }

  return (
    <section className={styles.list} aria-label={tested ? 'What separates the groups' : 'Edges'}>
      <header className={styles.sideHead}>
        <h2>{tested ? 'What separates them' : 'Ways taken'}</h2>
        <p>
          {tested
            ? sure === 0
              ? `None of ${formatCount(ranked.length + map.moreEdges)} edges is shown to differ`
              : `${formatCount(sure)} of ${formatCount(ranked.length + map.moreEdges)} edges shown to differ`
            : `${formatCount(ranked.length + map.moreEdges)} edges, the commonest first`}
        </p>
      </header>
      {tested && map.tasks < traces && (
        <p className={styles.caution}>
          These {formatCount(traces)} traces are trials of{' '}
          {map.tasks === 1 ? 'one task' : `${formatCount(map.tasks)} tasks`}, and trials of one task resemble each
          other: the test takes each for independent, so read its p as a ranking, not as proof.
        </p>
      )}
      <ul ref={list} className={styles.rows}>
        {shown.map((edge, at) => {
          const key = edgeKey(edge);
          return (
            <li key={key}>
              <button
                type="button"
                className={styles.row}
                aria-pressed={key === selected}
                tabIndex={key === tabStop ? 0 : -1}
                data-testid="edge-row"
                onClick={() => onSelect(key)}
                onKeyDown={(event) => keyDown(event, at)}
              >
                <EdgeRow edge={edge} title={edgeTitle(edge, nameOf)} nameOf={nameOf} />
              </button>
            </li>
          );
        })}
      </ul>
      {ranked.length > most && (
        <Button variant="ghost" className={styles.more} onClick={() => setMost(most + AT_ONCE)}>
          Show {formatCount(Math.min(AT_ONCE, ranked.length - most))} more
        </Button>
      )}
    </section>
  );
}

type RowProps = {
  readonly edge: BehaviourEdge;
  readonly title: string;
  readonly nameOf: (id: string) => string;
};

function EdgeRow({ edge, title, nameOf }: RowProps) {
  const [first, second] = edge.groups;
  const lean = second ? leanOf(edge) : 'both';
  return (
    <>
      <span className={styles.rowTitle} title={title}>
        <bdi>{nameOf(edge.from)}</bdi> → <bdi>{nameOf(edge.to)}</bdi>
      </span>
      <span className={styles.kind}>{EDGE_WORDS[edge.kind]}</span>
      {second && first ? (
        <span className={styles.figures}>
          {edge.groups.map(({ share }, group) => (
            <span key={group} className={group === 0 ? styles.ofA : styles.ofB}>
              {LETTERS[group]} {percent(share)}
            </span>
          ))}
          {edge.separates && (
            <>
              <span className={lean === 'both' ? undefined : styles.strong}>{points(edge.separates.delta)}</span>
              <span className={styles.quiet}>p {pValue(edge.separates.pAdjusted)}</span>
            </>
          )}
        </span>
      ) : (
        <span className={styles.figures}>
          <span>{percent(first?.share ?? 0)}</span>
          {first && timesEach(first) !== '' && <span className={styles.quiet}>{timesEach(first)}</span>}
          {first?.passRate && (
            <span className={styles.quiet}>
              {first.passRate.passed}/{first.passRate.of} passed
            </span>
          )}
        </span>
      )}
    </>
  );
}

/** "+31 points": of B over A. */
function points(delta: number): string {
  const value = Math.round(delta * 100);
  return `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value)} points`;
}
