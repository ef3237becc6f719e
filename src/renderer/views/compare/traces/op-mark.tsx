import { ArrowLeftRight, Equal, Minus, PencilLine, Plus, Repeat, type LucideIcon } from 'lucide-react';
import type { StepOp } from '#shared/alignment.ts';
import { OP_TITLES, OP_WORDS } from './model/words.ts';
import styles from './traces.module.css';

const ICONS: Readonly<Record<StepOp, LucideIcon>> = {
  same: Equal,
  changed: PencilLine,
  added: Plus,
  removed: Minus,
  moved: ArrowLeftRight,
  repeated: Repeat,
};

/** What became of a step: a shape, a word and a colour. */
export function OpMark({ op, word = true }: { readonly op: StepOp; readonly word?: boolean }) {
  const Icon = ICONS[op];
  return (
    <span className={styles.op} data-op={op} title={OP_TITLES[op]}>
      <Icon size={12} strokeWidth={2.2} aria-hidden />
      {word ? <span>{OP_WORDS[op]}</span> : <span className="visually-hidden">{OP_WORDS[op]}</span>}
    </span>
  );
}
