/** One node, edge or step of the map: its figures in each group, the test, and the traces that have it or lack it. */
import { useMemo } from 'react';
import type { BehaviourEdge, BehaviourMap, GroupShare } from '#shared/behaviour.ts';
import { displayName } from '../../../charts/graph/wording.ts';
import { formatCost, formatCount } from '../../../widgets/format.ts';
import { MappedTraces } from './mapped-traces.tsx';
import { LETTERS, percent, pValue, separationWords, timesEach } from './model/words.ts';
import styles from './map.module.css';

export type Detail = {
  /** Changes with what is shown. */
  readonly key: string;
  readonly title: string;
  readonly kind: string;
  readonly groups: readonly GroupShare[];
  readonly traces: readonly (readonly number[])[];
  readonly edge: BehaviourEdge | null;
};

type Props = {
  readonly map: BehaviourMap;
  readonly detail: Detail | null;
  /** Not where the groups are what passed and what failed. */
  readonly showsPass: boolean;
};

export function MapDetail({ map, detail, showsPass }: Props) {
  const places = useMemo(() => detail?.traces.flat() ?? [], [detail]);
  if (detail === null)
    return (
      <section className={styles.detail} aria-label="Details">
        <p className={styles.hint}>
          Choose an edge, a node or a step to see its figures and the traces behind them. Arrow keys walk the picture
          and the list.
        </p>
      </section>
    );
  const { title, kind, groups, edge } = detail;
  return (
    <section className={styles.detail} aria-label="Details" data-testid="map-detail">
      <header className={styles.detailHead}>
        <h2 title={title}>{title}</h2>
        <p>{kind}</p>
      </header>
      <table className={styles.facts}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Figure</span>
            </th>
            {groups.map((_, group) => (
              <th key={group} scope="col" className={groupClass(group, groups.length)}>
                {groups.length > 1 ? `${LETTERS[group] ?? ''} ` : ''}
                <bdi title={map.groups[group]?.label}>{displayName(map.groups[group]?.label ?? '')}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row
            title="Traces"
            groups={groups}
            tell={({ runs }, of) => `${formatCount(runs)} of ${formatCount(of)}`}
            map={map}
          />
          <Row
            title="Share"
            groups={groups}
            tell={({ share, range }) => `${percent(share)} (${span(range)})`}
            map={map}
          />
          <Row
            title="Times"
            groups={groups}
            tell={(share) =>
              `${formatCount(share.times)}${timesEach(share) === '' ? '' : ` (${timesEach(share)} each)`}`
            }
            map={map}
          />
          {showsPass && (
            <Row
              title="Passed"
              groups={groups}
              tell={({ passRate }) =>
                passRate === null
                  ? 'no verdicts'
                  : `${formatCount(passRate.passed)} of ${formatCount(passRate.of)} (${span(passRate.range)})`
              }
              map={map}
            />
          )}
          <Row
            title="Cost"
            groups={groups}
            tell={({ cost }) => (cost === null ? 'unknown' : formatCost(cost))}
            map={map}
          />
        </tbody>
      </table>
      {edge?.separates && (
        <p className={styles.says}>
          {separationWords(edge, map.groups)}{' '}
          <span className={styles.quiet}>
            Fisher’s exact test: p {pValue(edge.separates.p)}, adjusted for all edges (Benjamini and Hochberg){' '}
            {pValue(edge.separates.pAdjusted)}.
          </span>
        </p>
      )}
      <p className={styles.quiet}>Ranges are 95 % intervals (Wilson).</p>
      <MappedTraces key={detail.key} map={map} places={places} />
    </section>
  );
}

type RowProps = {
  readonly title: string;
  readonly map: BehaviourMap;
  readonly groups: readonly GroupShare[];
  readonly tell: (share: GroupShare, of: number) => string;
};

function Row({ title, groups, tell, map }: RowProps) {
  return (
    <tr>
      <th scope="row">{title}</th>
      {groups.map((share, group) => (
        <td key={group}>{tell(share, map.groups[group]?.runs ?? 0)}</td>
      ))}
    </tr>
  );
}

function groupClass(group: number, of: number): string | undefined {
  return of < 2 ? undefined : group === 0 ? styles.ofA : styles.ofB;
}

function span({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${Math.round(low * 100)}–${Math.round(high * 100)} %`;
}
