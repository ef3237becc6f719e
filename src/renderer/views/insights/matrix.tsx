/** What one annotator said against what the other did; each cell opens its traces. */
import type { AgreementSubject } from '#shared/agreement.ts';
import { formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import type { Picked } from './behind.tsx';
import styles from './insights.module.css';
import { count } from './words.ts';

type Props = {
  readonly subject: AgreementSubject;
  readonly heading: string;
  readonly annotators: readonly string[];
  readonly query: string;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked) => void;
};

export function Matrix({ subject, heading, annotators, query, picked, onPick }: Props) {
  const { matrix, labels } = subject;
  const titles = new Map(labels.map(({ label, title }) => [label, title ?? label]));
  const nameOf = (at: number): string => {
    const label = matrix.labels[at] ?? '';
    return label === '' ? 'Other' : (titles.get(label) ?? label);
  };
  const cells = new Map(matrix.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  const most = matrix.cells.reduce((top, cell) => Math.max(top, cell.count), 1);
  const [first, second] = annotators.length === 2 ? annotators : ['the first of each pair', 'the second'];
  return (
    <div className={styles.scroller} tabIndex={0} role="group" aria-label={`${heading}: who said what`}>
      <table className={styles.heat}>
        <caption>
          Rows: {visibleString((first ?? '').slice(0, 80))}. Columns: {visibleString((second ?? '').slice(0, 80))}.
        </caption>
        <thead>
          <tr>
            <td />
            {matrix.labels.map((label, column) => (
              <th key={label} scope="col">
                <span>{visibleString(nameOf(column).slice(0, 80))}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.labels.map((label, row) => (
            <tr key={label}>
              <th scope="row">{visibleString(nameOf(row).slice(0, 80))}</th>
              {matrix.labels.map((other, column) => {
                const cell = cells.get(`${row} ${column}`);
                const key = `${heading} ${row} ${column}`;
                return (
                  <td key={other}>
                    {cell && (
                      <button
                        type="button"
                        className={styles.cell}
                        data-agrees={row === column}
                        style={{ '--part': 0.12 + 0.58 * (cell.count / most) } as React.CSSProperties}
                        aria-pressed={picked?.key === key}
                        aria-label={`${nameOf(row)}, ${nameOf(column)}: ${count(cell.count, 'item')} in ${count(cell.traces, 'trace')}`}
                        onClick={() =>
                          onPick({
                            key,
                            title: `${row === column ? `Both: ${nameOf(row)}` : `${nameOf(row)} against ${nameOf(column)}`}${cell.traces > cell.traceIds.length ? ` (the first ${cell.traceIds.length} of ${count(cell.traces, 'trace')})` : ''}`,
                            pick: { traceIds: cell.traceIds },
                            args: query === '' ? {} : { query },
                            query: null,
                          })
                        }
                      >
                        {formatCount(cell.count)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
