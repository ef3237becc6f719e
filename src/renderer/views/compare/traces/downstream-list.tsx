import { CornerDownRight } from 'lucide-react';
import type { AlignedTraces } from '#shared/alignment.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './traces.module.css';

type Props = { readonly aligned: AlignedTraces; readonly onStep: (step: number) => void };

/** What became different after both had parted; each sentence leads to its step. */
export function DownstreamList({ aligned, onStep }: Props) {
  const { downstream, firstDivergence } = aligned;
  if (downstream.length === 0)
    return (
      <p className={styles.quiet}>
        {firstDivergence < 0
          ? 'Both did the same, step by step, and took and cost about as much.'
          : 'Nothing else became different: same outcome, agents, tools, errors and cost.'}
      </p>
    );
  return (
    <ul className={styles.told} aria-label="What became different">
      {downstream.map(({ says, step }, index) => (
        <li key={index}>
          {step === null ? (
            <span className={styles.toldFact}>{visibleString(says)}</span>
          ) : (
            <button type="button" className={styles.toldLink} onClick={() => onStep(step)}>
              <CornerDownRight size={12} aria-hidden />
              <span>{visibleString(says)}</span>
              <span className={styles.toldStep}>step {step + 1}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
