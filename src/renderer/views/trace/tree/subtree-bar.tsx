import { CornerUpLeft } from 'lucide-react';
import { KindIcon } from '../../../theme/kind-icon.tsx';
import { IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { ancestors } from '../model/visible-rows.ts';
import styles from './span-tree.module.css';

/** Says that only a subtree is shown, and where it hangs. */
export function SubtreeBar({ tree }: { tree: SpanTree }) {
  const path = [tree.root, ...ancestors(tree.table, tree.root)].slice(0, 4).reverse();
  return (
    <div className={styles.subtree}>
      <IconButton
        label="Back to the tree around it"
        keys="escape"
        icon={<CornerUpLeft size={14} />}
        onClick={tree.leaveSubtree}
      />
      <span className={styles.path}>
        {path.map((row) => {
          const span = readRow(tree.table, row);
          return (
            span && (
              <span key={row} className={styles.step} data-here={row === tree.root || undefined}>
                <KindIcon kind={span.kind} size={12} />
                <span className={styles.stepName}>{visibleString(span.name.slice(0, 80)) || 'no name'}</span>
              </span>
            )
          );
        })}
      </span>
    </div>
  );
}
