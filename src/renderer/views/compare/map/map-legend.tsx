import type { BehaviourMap } from '#shared/behaviour.ts';
import { MOST_MAPPED } from '#shared/behaviour.ts';
import { formatCount } from '../../../widgets/format.ts';
import { shortLabel } from './model/chosen.ts';
import type { DrawnMap } from './model/picture.ts';
import { LEAN, LETTERS } from './model/words.ts';
import styles from './map.module.css';

type Props = {
  readonly map: BehaviourMap;
  readonly drawn: DrawnMap;
  readonly picture: 'graph' | 'sequence';
  readonly passes: boolean;
};

/** Which group is which, what lines mean, and what is not in the picture. */
export function MapLegend({ map, drawn, picture, passes }: Props) {
  const several = map.groups.length > 1;
  return (
    <div className={styles.legend}>
      <ul aria-label="Groups">
        {map.groups.map(({ label, runs, passed, failed }, group) => (
          <li key={group}>
            {several && (
              <svg width="30" height="10" aria-hidden className={group === 0 ? styles.ofA : styles.ofB}>
                <line
                  x1="2"
                  x2="28"
                  y1="5"
                  y2="5"
                  stroke="currentColor"
                  strokeWidth="3"
                  strokeDasharray={group === 1 && picture === 'graph' ? '7 5' : undefined}
                />
              </svg>
            )}
            {several && <b className={group === 0 ? styles.ofA : styles.ofB}>{LETTERS[group]}</b>}
            <bdi className={styles.groupName} title={shortLabel(label)}>
              {shortLabel(label)}
            </bdi>
            <span className={styles.quiet}>
              {formatCount(runs)} {runs === 1 ? 'trace' : 'traces'}
              {passed + failed > 0 && passes && `, ${formatCount(passed)} of ${formatCount(passed + failed)} passed`}
            </span>
          </li>
        ))}
      </ul>
      {picture === 'graph' && (
        <ul aria-label="Legend" className={styles.quiet}>
          {several && <li>coloured: {Math.round(LEAN * 100)} points or more apart</li>}
          <li>the wider the line, the more traces</li>
          {passes && (
            <li>
              <svg width="32" height="10" aria-hidden>
                <rect x="1" y="2.5" width="30" height="5" rx="1" className={styles.rateGround} />
                <rect x="8" y="2.5" width="14" height="5" className={styles.rateRange} />
                <rect x="14" y="1" width="2" height="8" className={styles.rateMark} />
              </svg>
              pass rate, 0 to 100 %, with its 95 % interval{several && ' (A above B)'}
            </li>
          )}
        </ul>
      )}
      <Notes map={map} omitted={picture === 'graph' ? drawn.omitted : 0} />
    </div>
  );
}

function Notes({ map, omitted }: { readonly map: BehaviourMap; readonly omitted: number }) {
  const notes = [
    map.undecided > 0 ? `${formatCount(map.undecided)} without a verdict left out` : '',
    map.left > 0 ? `${formatCount(map.left)} not mapped: deleted, or beyond the first ${MOST_MAPPED}` : '',
    map.shared > 0 ? `${formatCount(map.shared)} in both groups: the tests take them for different traces` : '',
    omitted > 0 ? `${formatCount(omitted)} more edges than fit: move the slider up` : '',
    map.moreEdges > 0 ? `${formatCount(map.moreEdges)} rare edges not listed` : '',
    map.traces.length === 1 ? 'one trace alone says nothing about others' : '',
  ].filter((note) => note !== '');
  if (notes.length === 0) return null;
  return (
    <ul aria-label="Notes" className={styles.notes}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
