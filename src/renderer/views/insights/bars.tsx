/** Counts as bars, each a button that opens what is behind it; or the same as a table. */
import { useState, type ReactNode } from 'react';
import { Button } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import type { Picked } from './behind.tsx';
import styles from './insights.module.css';

export type Bar = {
  readonly picked: Picked;
  /** null = none was named. */
  readonly name: string;
  readonly labels: number;
  /** Beside the bar. */
  readonly note: string;
  /** Part of `labels` that is drawn stronger; the rest is drawn lighter. */
  readonly strong?: number;
  readonly mark?: ReactNode;
};

type Props = {
  readonly title: string;
  readonly explain: string;
  readonly bars: readonly Bar[];
  /** Heads of the table: name, count, note. */
  readonly heads: readonly [string, string, string];
  readonly table: boolean;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked) => void;
  readonly columns?: boolean;
  readonly controls?: ReactNode;
};

const FIRST = 12;

export function Bars({ title, explain, bars, heads, table, picked, onPick, columns = false, controls }: Props) {
  const [all, setAll] = useState(false);
  const most = bars.reduce((top, { labels }) => Math.max(top, labels), 1);
  const shown = all || columns ? bars : bars.slice(0, FIRST);
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}>
        <h2>{title}</h2>
        {controls}
      </div>
      <p className={styles.quiet}>{explain}</p>
      {table ? (
        <BarTable title={title} heads={heads} bars={shown} onPick={onPick} />
      ) : (
        <ul className={columns ? styles.columns : styles.bars}>
          {shown.map(({ picked: own, name, labels, note, strong = labels, mark }) => (
            <li key={own.key}>
              <button
                type="button"
                className={columns ? styles.column : styles.bar}
                aria-pressed={picked?.key === own.key}
                aria-label={`${name}: ${note}`}
                disabled={labels === 0}
                title={`${name}: ${note}`}
                onClick={() => onPick(own)}
              >
                <span className={styles.name}>
                  {mark}
                  {visibleString(name.slice(0, 200))}
                </span>
                <span className={styles.track}>
                  <span className={styles.fill} style={{ '--part': labels / most } as React.CSSProperties}>
                    <span style={{ '--part': labels === 0 ? 0 : strong / labels } as React.CSSProperties} />
                  </span>
                </span>
                <span className={styles.count}>{formatCount(labels)}</span>
                {!columns && <span className={styles.note}>{note}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
      {shown.length < bars.length && <Button onClick={() => setAll(true)}>Show all {formatCount(bars.length)}</Button>}
    </section>
  );
}

type TableProps = Pick<Props, 'title' | 'heads' | 'bars' | 'onPick'>;

function BarTable({ title, heads, bars, onPick }: TableProps) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{title}</caption>
      <thead>
        <tr>
          {heads.map((head, at) => (
            <th key={head} scope="col" data-number={at === 1}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bars.map(({ picked, name, labels, note }) => (
          <tr key={picked.key}>
            <th scope="row">
              <button type="button" className={styles.link} disabled={labels === 0} onClick={() => onPick(picked)}>
                {visibleString(name.slice(0, 200))}
              </button>
            </th>
            <td data-number>{formatCount(labels)}</td>
            <td>{note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
