/** Categories as a tree in a table. Arrows choose, Alt with arrows moves, Enter goes to the title. */
import type { Ref } from 'react';
import type { CategoryUsage } from '#shared/taxonomy.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { counted } from './label-query.ts';
import type { CategoryRow } from './model/edit.ts';
import styles from './taxonomies.module.css';

type Props = {
  readonly ref: Ref<HTMLTableElement>;
  readonly rows: readonly CategoryRow[];
  readonly usage: ReadonlyMap<string, CategoryUsage>;
  readonly chosen: string | null;
  readonly readOnly: boolean;
  readonly onChoose: (code: string) => void;
  readonly onMove: (by: -1 | 1, code: string) => void;
  readonly onOpen: (code: string) => void;
};

export const TITLE_FIELD = 'category-title';

export function CategoryTable({ ref, rows, usage, chosen, readOnly, onChoose, onMove, onOpen }: Props) {
  function press(event: React.KeyboardEvent<HTMLElement>, index: number): void {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const at = event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : index + by;
    if (event.key === 'Enter' || event.key === 'F2') document.getElementById(TITLE_FIELD)?.focus();
    else if (by !== 0 && event.altKey) {
      const row = rows[index];
      if (row && !readOnly) onMove(by, row.category.code);
    } else if (at !== index) {
      const row = rows[at];
      if (!row) return;
      onChoose(row.category.code);
      event.currentTarget
        .closest('table')
        ?.querySelector<HTMLElement>(`[data-code="${CSS.escape(row.category.code)}"]`)
        ?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <table ref={ref} className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Category</th>
          <th scope="col" className={styles.number}>
            Labels
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 && (
          <tr>
            <td colSpan={2} className={styles.none}>
              No categories yet. Add the first one, or promote notes to categories in Open coding.
            </td>
          </tr>
        )}
        {rows.map(({ category, depth, leaf }, index) => {
          const used = usage.get(category.code);
          const isChosen = category.code === chosen;
          return (
            <tr key={category.code} className={isChosen ? styles.chosenRow : undefined}>
              <td>
                <button
                  type="button"
                  data-code={category.code}
                  aria-current={isChosen ? 'true' : undefined}
                  tabIndex={isChosen ? 0 : -1}
                  className={`${styles.category} ${leaf ? '' : styles.group} ${category.retired ? styles.retired : ''}`}
                  style={{ paddingLeft: 16 + depth * 18 }}
                  onClick={() => onChoose(category.code)}
                  onKeyDown={(event) => press(event, index)}
                >
                  <span className={styles.code} title={category.code}>
                    {category.code.length <= 6 ? visibleString(category.code) : ''}
                  </span>
                  <span className={styles.cut}>{visibleString(category.title)}</span>
                  {category.retired && <span className={styles.dim}>retired</span>}
                </button>
              </td>
              <td className={styles.number}>
                {used ? (
                  <button
                    type="button"
                    className={styles.count}
                    aria-label={`${counted(used.annotations, 'label')} of ${category.title} in ${counted(used.traces, 'trace')}: show them`}
                    onClick={() => onOpen(category.code)}
                  >
                    {used.annotations.toLocaleString('en-GB')}
                  </button>
                ) : (
                  <span className={styles.dim}>–</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
