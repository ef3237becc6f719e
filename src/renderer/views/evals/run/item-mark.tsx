/** The outcome of an item as an icon and a word: never by colour alone. */
import { CircleCheck, CircleMinus, CircleX, Clock, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { RunItemRow } from '#shared/eval.ts';
import { ITEM_WORDS } from '../words.ts';
import styles from './run.module.css';

const ICONS: Readonly<Record<RunItemRow['status'], LucideIcon>> = {
  due: Clock,
  passed: CircleCheck,
  failed: CircleX,
  errored: TriangleAlert,
  neither: CircleMinus,
};

export function ItemMark({ status }: { readonly status: RunItemRow['status'] }) {
  const Icon = ICONS[status];
  return (
    <span className={styles.mark} data-status={status}>
      <Icon size={14} aria-hidden />
      {ITEM_WORDS[status]}
    </span>
  );
}
