/** What a run would take and ask, before it is started. */
import type { EvalCriterion, EvalSource } from '#shared/eval.ts';
import { useEngine } from '../data/engine.ts';
import { formatCompact, formatCost, formatCount } from './format.ts';
import styles from './run-estimate.module.css';

type Props = {
  readonly source: EvalSource;
  readonly criteria: readonly EvalCriterion[];
  readonly limit: number | null;
  readonly seed: number;
};

export function RunEstimate({ source, criteria, limit, seed }: Props) {
  const asked = { source, criteria, limit, seed };
  const { data, error } = useEngine('eval.estimate', asked, { enabled: criteria.length > 0, keepPrevious: true });
  if (criteria.length === 0)
    return (
      <p className={styles.estimate} role="status">
        Choose at least one grader.
      </p>
    );
  if (error)
    return (
      <p className={`${styles.estimate} ${styles.error}`} role="alert">
        {error.message} {error.hint}
      </p>
    );
  if (!data)
    return (
      <p className={styles.estimate} role="status">
        Counting traces…
      </p>
    );
  const { traces, tasks, missing, cost } = data;
  return (
    <p className={styles.estimate} role="status">
      <span>
        <strong>
          {formatCount(traces)} {traces === 1 ? 'trace' : 'traces'}
        </strong>{' '}
        now
        {tasks > 0 && tasks < traces && `, of ${formatCount(tasks)} ${tasks === 1 ? 'task' : 'tasks'}`}
        {missing > 0 && `; ${formatCount(missing)} ${missing === 1 ? 'example has' : 'examples have'} no trace`}.
      </span>
      <span>
        {traces === 0
          ? 'There is nothing to grade: choose other traces.'
          : cost.calls === 0
            ? 'No model is asked: all of it runs on this computer.'
            : `About ${formatCount(cost.calls)} calls to your models, ${formatCompact(cost.promptTokens)} tokens, ${cost.cost === null ? 'price unknown' : formatCost(cost.cost)}.`}
      </span>
    </p>
  );
}
