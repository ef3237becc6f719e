/** Better, worse or not: an icon and a word, never a colour alone. */
import { ArrowLeftRight, CircleSlash, Equal, TrendingDown, TrendingUp, type LucideIcon } from 'lucide-react';
import type { Verdict } from './model/words.ts';
import styles from './runs.module.css';

const ICONS: Readonly<Record<Verdict, LucideIcon>> = {
  better: TrendingUp,
  worse: TrendingDown,
  different: ArrowLeftRight,
  'no difference shown': Equal,
  'nothing to compare': CircleSlash,
};

const WORDS: Readonly<Record<Verdict, string>> = {
  better: 'Better',
  worse: 'Worse',
  different: 'Different',
  'no difference shown': 'No difference shown',
  'nothing to compare': 'Nothing to compare',
};

export function VerdictWord({ verdict }: { readonly verdict: Verdict }) {
  const Icon = ICONS[verdict];
  return (
    <span className={styles.verdict} data-verdict={verdict}>
      <Icon size={14} aria-hidden />
      {WORDS[verdict]}
    </span>
  );
}

export function toneOf(verdict: Verdict): 'better' | 'worse' | 'none' {
  return verdict === 'better' || verdict === 'worse' ? verdict : 'none';
}
