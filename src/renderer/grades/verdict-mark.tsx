/** A verdict as an icon and a word: never by colour alone. */
import { CircleCheck, CircleMinus, CircleSlash, CircleX, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { Grade } from '#shared/grader.ts';
import { OUTCOME_WORDS, outcomeOf, type Outcome } from './words.ts';
import styles from './grades.module.css';

const ICONS: Readonly<Record<Outcome, LucideIcon>> = {
  passed: CircleCheck,
  failed: CircleX,
  none: CircleMinus,
  errored: TriangleAlert,
  not_applicable: CircleSlash,
};

type Verdict = Pick<Grade, 'status' | 'passed'>;

export function VerdictMark({ grade, word = true }: { readonly grade: Verdict; readonly word?: boolean }) {
  const outcome = outcomeOf(grade);
  const Icon = ICONS[outcome];
  return (
    <span className={styles.mark} data-outcome={outcome}>
      <Icon size={14} {...(word ? { 'aria-hidden': true } : { role: 'img', 'aria-label': OUTCOME_WORDS[outcome] })} />
      {word && <span>{OUTCOME_WORDS[outcome]}</span>}
    </span>
  );
}
