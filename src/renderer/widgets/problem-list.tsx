/** What was lost or changed on the way, one by one, the gravest first. */
import { useState } from 'react';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import { Button } from './button.tsx';
import { Chip } from './chip.tsx';
import { visibleString } from './visible-text.ts';
import styles from './problem-list.module.css';

const ORDER = { error: 0, warning: 1, info: 2 } as const;
const WORDS = { error: 'left out', warning: 'differs', info: 'note' } as const;
const TONES = { error: 'error', warning: 'warn', info: 'neutral' } as const;
const AT_FIRST = 100;

export function ProblemList({ problems }: { readonly problems: readonly ExchangeProblem[] }) {
  const [shown, setShown] = useState(AT_FIRST);
  const sorted = [...problems].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  if (problems.length === 0) return null;
  return (
    <>
      <ul className={styles.problems}>
        {sorted.slice(0, shown).map(({ severity, path, message }, index) => (
          <li key={index}>
            <Chip tone={TONES[severity]}>{WORDS[severity]}</Chip>
            <span>
              {path !== '' && <code>{visibleString(path.slice(0, 200))}</code>} {visibleString(message)}
            </span>
          </li>
        ))}
      </ul>
      {sorted.length > shown && (
        <p>
          <Button onClick={() => setShown(shown + 500)}>Show more</Button>
        </p>
      )}
    </>
  );
}
