/** What became of an item: an icon and a word, never a colour alone. */
import {
  ArrowLeftFromLine,
  ArrowRightFromLine,
  CircleCheck,
  CircleX,
  Equal,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { ItemChange } from '#shared/comparison.ts';
import styles from './items.module.css';

const CHANGE_ICONS: Readonly<Record<ItemChange, LucideIcon>> = {
  fixed: CircleCheck,
  regressed: CircleX,
  same: Equal,
  'only in A': ArrowLeftFromLine,
  'only in B': ArrowRightFromLine,
  errored: TriangleAlert,
};

/** In the order in which they are offered. */
export const CHANGES: readonly ItemChange[] = ['regressed', 'fixed', 'same', 'only in A', 'only in B', 'errored'];

/** `letter`: of the other run, which the engine calls B. */
function changeWord(change: ItemChange, letter: string): string {
  if (change === 'only in B') return `Only in ${letter}`;
  return change.charAt(0).toUpperCase() + change.slice(1);
}

export function ChangeWord({ change, letter }: { readonly change: ItemChange; readonly letter: string }) {
  const Icon = CHANGE_ICONS[change];
  return (
    <span className={styles.change} data-change={change}>
      <Icon size={13} aria-hidden />
      {changeWord(change, letter)}
    </span>
  );
}
