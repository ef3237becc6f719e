import { Focus } from 'lucide-react';
import { Kbd } from '../../../widgets/kbd.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import styles from './span-tree.module.css';

/** Above the pictures: says that they show one subtree, the rest stepped back, and leads out of it. */
export function SubtreeNote({ tree }: { readonly tree: SpanTree }) {
  const span = readRow(tree.table, tree.root);
  return (
    <p className={styles.note}>
      <Focus size={13} aria-hidden />
      <span className={styles.noteText}>
        Only <strong>{visibleString((span?.name ?? '').slice(0, 120)) || 'no name'}</strong> and what is inside it
      </span>
      <button type="button" className={styles.noteButton} onClick={tree.leaveSubtree}>
        Back <Kbd keys="," />
      </button>
    </p>
  );
}
