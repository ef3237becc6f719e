/** Agent by category: a table whose cells are shaded by how much is in them and open what is behind them. */
import type { Overview, OverviewArgs } from '#shared/overview.ts';
import { formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import type { Picked } from './behind.tsx';
import styles from './insights.module.css';
import { count } from './words.ts';

type Props = {
  readonly found: Overview;
  readonly args: OverviewArgs;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked) => void;
};

/** More would be no picture; the bars and the CSV have them all. */
const MOST_ROWS = 20;
const MOST_COLUMNS = 14;

export function HeatMap({ found, args, picked, onPick }: Props) {
  const { agents, categories, heat } = found;
  const cells = new Map(heat.map((cell) => [`${cell.agent} ${cell.category}`, cell.labels]));
  const most = heat.reduce((top, { labels }) => Math.max(top, labels), 1);
  const rows = used(heat.map(({ agent }) => agent)).slice(0, MOST_ROWS);
  const columns = used(heat.map(({ category }) => category)).slice(0, MOST_COLUMNS);
  const agentName = (at: number): string => agents[at]?.agent ?? 'No agent';
  const categoryName = (at: number): string => categories[at]?.title ?? 'No category';
  return (
    <section className={styles.section} aria-label="Agent by category">
      <div className={styles.sectionHead}>
        <h2>Agent by category</h2>
      </div>
      <p className={styles.quiet}>
        Labels by the agent that is blamed, else the one that acts in the marked step.
        {rows.length < used(heat.map(({ agent }) => agent)).length && ` The first ${MOST_ROWS} agents.`}
        {columns.length < used(heat.map(({ category }) => category)).length && ` The first ${MOST_COLUMNS} categories.`}
      </p>
      <div className={styles.scroller} tabIndex={0} role="group" aria-label="Agent by category, a table">
        <table className={styles.heat}>
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <th key={column} scope="col">
                  <span>{visibleString(categoryName(column).slice(0, 80))}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row}>
                <th scope="row">{visibleString(agentName(row).slice(0, 80))}</th>
                {columns.map((column) => {
                  const labels = cells.get(`${row} ${column}`) ?? 0;
                  const category = categories[column];
                  const key = `heat ${row} ${column}`;
                  return (
                    <td key={column}>
                      {labels > 0 && (
                        <button
                          type="button"
                          className={styles.cell}
                          style={{ '--part': 0.12 + 0.58 * (labels / most) } as React.CSSProperties}
                          aria-pressed={picked?.key === key}
                          aria-label={`${agentName(row)}, ${categoryName(column)}: ${count(labels, 'label')}`}
                          onClick={() =>
                            onPick({
                              key,
                              title: `${categoryName(column)} · ${agentName(row)}`,
                              args,
                              query: null,
                              pick: {
                                agent: agents[row]?.agent ?? null,
                                category: category ? { taxonomy: category.taxonomy, code: category.code } : null,
                              },
                            })
                          }
                        >
                          {formatCount(labels)}
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
    </section>
  );
}

/** Ascending is by how often; what has no name stands last. */
function used(indices: readonly number[]): number[] {
  return [...new Set(indices)].sort((a, b) => (a < 0 ? Infinity : a) - (b < 0 ? Infinity : b) || 0);
}
