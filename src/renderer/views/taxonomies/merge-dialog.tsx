import { useId, useRef, useState } from 'react';
import type { Taxonomy, TaxonomyCategory } from '#shared/taxonomy.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { counted } from './label-query.ts';
import { submitOnEnter } from './submit-on-enter.ts';
import { treeRows } from './model/edit.ts';
import styles from './taxonomies.module.css';

type Props = {
  readonly taxonomy: Taxonomy;
  readonly category: TaxonomyCategory;
  readonly labels: number;
  readonly onMerge: (into: string) => void;
  readonly onClose: () => void;
};

export function MergeDialog({ taxonomy, category, labels, onMerge, onClose }: Props) {
  const targets = treeRows(taxonomy.categories).filter((row) => row.category !== category && !row.category.retired);
  const [into, setInto] = useState(targets.find((row) => row.leaf)?.category.code ?? targets[0]?.category.code ?? '');
  const field = useRef<HTMLSelectElement>(null);
  const form = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Merge “${visibleString(category.title)}”`}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={into === ''}>
            Merge
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.dialogForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (into !== '') onMerge(into);
        }}
      >
        <label className={styles.field}>
          <span>Into</span>
          <select
            ref={field}
            className={styles.input}
            value={into}
            onKeyDown={submitOnEnter}
            onChange={(event) => setInto(event.target.value)}
          >
            {targets.map((row) => (
              <option key={row.category.code} value={row.category.code}>
                {`${'\u2003'.repeat(row.depth)}${row.category.title}`}
              </option>
            ))}
          </select>
        </label>
        <p className={styles.dim}>
          {labels === 0 ? 'No label names it yet.' : `Its ${counted(labels, 'label')} will count there.`} Labels stay as
          they were written, and it is no longer offered. Undo, or an earlier version, brings it back.
        </p>
      </form>
    </Dialog>
  );
}
