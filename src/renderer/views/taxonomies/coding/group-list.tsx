/** Working titles and categories, with counts that grow while notes are sorted. */
import type { NoteCounts } from '#shared/coding.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { useEngine } from '../../../data/engine.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { counted, openLabelled } from '../label-query.ts';
import styles from './coding.module.css';

type Props = {
  readonly counts: NoteCounts | undefined;
  readonly taxonomies: readonly Taxonomy[];
  readonly chosenTaxonomy: string | null;
  readonly onTaxonomy: (id: string) => void;
  /** Undefined = all notes. */
  readonly group: string | null | undefined;
  readonly onGroup: (group: string | null | undefined) => void;
};

export function GroupList({ counts, taxonomies, chosenTaxonomy, onTaxonomy, group, onGroup }: Props) {
  // Those of people come after those that ship.
  const taxonomy = taxonomies.find(({ id }) => id === chosenTaxonomy) ?? taxonomies.at(-1);
  const usage = useEngine('taxonomy.usage', { id: taxonomy?.id ?? '' }, { keepPrevious: true });
  const used = usage.data?.categories ?? [];
  const most = Math.max(1, ...used.map(({ annotations }) => annotations));
  const row = (key: string, value: string | null | undefined, name: string, notes: number, coded: number) => (
    <li key={key}>
      <button
        type="button"
        className={styles.group}
        aria-current={group === value ? 'true' : undefined}
        onClick={() => onGroup(value)}
      >
        <span className={styles.cut}>{name}</span>
        <span className={styles.groupCount} title={`${counted(notes, 'note')}, ${coded} of them in a category`}>
          {coded > 0 && <span className={styles.coded}>{coded}/</span>}
          {notes}
        </span>
      </button>
    </li>
  );
  const without = counts?.groups.find((each) => each.group === null);
  return (
    <nav className={styles.side} aria-label="Groups of notes">
      <h2 className={styles.sideTitle}>Working titles</h2>
      <ul className={styles.plainList}>
        {row('all', undefined, 'All notes', counts?.total ?? 0, counts?.coded ?? 0)}
        {(counts?.groups.length ?? 0) > (without ? 1 : 0) &&
          row('none', null, 'Under no title yet', without?.notes ?? 0, without?.coded ?? 0)}
        {counts?.groups.map((each) =>
          each.group === null
            ? null
            : row(`g ${each.group}`, each.group, visibleString(each.group), each.notes, each.coded),
        )}
      </ul>
      <p className={styles.hint}>In a category / notes</p>
      <h2 className={styles.sideTitle}>Categories</h2>
      <select
        aria-label="Categories of"
        className={styles.select}
        value={taxonomy?.id ?? ''}
        onChange={(event) => onTaxonomy(event.target.value)}
      >
        {taxonomies.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
      <ul className={styles.plainList} aria-label="Labels by category">
        {used.map(({ code, annotations, traces }) => (
          <li key={code}>
            <button
              type="button"
              className={styles.group}
              title={`${counted(annotations, 'label')} in ${counted(traces, 'trace')}: show them`}
              onClick={() => openLabelled(code)}
            >
              <span className={styles.cut}>
                {visibleString(taxonomy?.categories.find((each) => each.code === code)?.title ?? code)}
              </span>
              <span className={styles.groupCount}>{annotations}</span>
              <span className={styles.meter} style={{ width: `${(annotations / most) * 100}%` }} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {used.length === 0 && <p className={styles.hint}>No label of this taxonomy yet.</p>}
    </nav>
  );
}
