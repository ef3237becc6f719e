/** Each criterion of a run: its rate with the interval, what was asked of it, and counts that filter the items. */
import { CircleCheck, CircleX } from 'lucide-react';
import type { CriterionFigures, EvalRunRow, RunCriterion, RunItemFilter } from '#shared/eval.ts';
import { useEngine } from '../../../data/engine.ts';
import { scoreText } from '../../../grades/words.ts';
import { go } from '../../../state/place.ts';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { RateBar } from '../runs/figures.tsx';
import { passRate, rateOf, rateWords } from '../words.ts';
import styles from './run.module.css';

type Props = {
  readonly run: EvalRunRow;
  readonly filter: RunItemFilter;
  readonly onFilter: (filter: RunItemFilter) => void;
};

export function RunCriteria({ run, filter, onFilter }: Props) {
  const figures = useEngine('run.figures', { id: run.id });
  return (
    <div className={styles.criteria} role="region" aria-label="Criteria" tabIndex={0}>
      <table className={styles.criteriaTable}>
        <thead>
          <tr>
            <th scope="col">Criterion</th>
            <th scope="col" style={{ width: '18%' }}>
              Passed, with 95 % interval
            </th>
            <th scope="col" style={{ width: 148 }} />
            <th scope="col" style={{ width: 84 }}>
              Must pass
            </th>
            <th scope="col" style={{ width: 68 }}>
              Mean
            </th>
            <th scope="col" style={{ width: '30%' }}>
              Items
            </th>
          </tr>
        </thead>
        <tbody>
          {run.criteria.map((criterion, index) => (
            <Row
              key={index}
              criterion={criterion}
              figures={figures.data?.[index] ?? null}
              pressed={filter.criterion === index ? (filter.outcome ?? null) : null}
              onOutcome={(outcome) => {
                const { criterion: _criterion, outcome: _outcome, ...rest } = filter;
                const same = filter.criterion === index && filter.outcome === outcome;
                onFilter(same ? rest : { ...rest, criterion: index, outcome });
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Outcome = NonNullable<RunItemFilter['outcome']>;

function Row(props: {
  readonly criterion: RunCriterion;
  /** Null = not there yet. */
  readonly figures: CriterionFigures | null;
  readonly pressed: Outcome | null;
  readonly onOutcome: (outcome: Outcome) => void;
}) {
  const { criterion, figures, pressed, onOutcome } = props;
  const { graderId, threshold, passed, failed, errored, notApplicable } = criterion;
  const rate = figures ? rateOf(figures) : passRate(criterion);
  const name = visibleString(criterion.name.slice(0, 300));
  const outcomes: readonly (readonly [Outcome, number, string])[] = [
    ['passed', passed, 'passed'],
    ['failed', failed, 'failed'],
    ['errored', errored, 'errored'],
    ['not_applicable', notApplicable, 'not applicable'],
  ];
  return (
    <tr>
      <th scope="row">
        <span className={styles.name}>
          <button
            type="button"
            className={styles.link}
            disabled={graderId === null}
            title={name}
            onClick={() => go({ view: 'graders', tab: graderId, span: null, q: '' })}
          >
            {name}
          </button>
          <span className={styles.small}>
            {criterion.versionNumber !== null && `v${criterion.versionNumber}`}
            {criterion.weight !== 1 && ` · weight ${scoreText(criterion.weight)}`}
          </span>
        </span>
      </th>
      <td>
        {rate ? <RateBar rate={rate} threshold={threshold} /> : <span className={styles.dim}>no pass or fail</span>}
      </td>
      <td>{rate && rateWords(rate)}</td>
      <td>
        {threshold === null ? (
          <span className={styles.dim}>–</span>
        ) : (
          <Goal threshold={threshold} share={rate?.share ?? null} />
        )}
      </td>
      <td>{scoreText(criterion.mean)}</td>
      <td>
        <span className={styles.outcomes}>
          {outcomes.map(
            ([outcome, count, word]) =>
              (count > 0 || pressed === outcome) && (
                <button
                  key={outcome}
                  type="button"
                  className={styles.outcome}
                  data-outcome={outcome}
                  aria-pressed={pressed === outcome}
                  aria-label={`${name}: show the ${formatCount(count)} ${word}`}
                  onClick={() => onOutcome(outcome)}
                >
                  {formatCount(count)} {word}
                </button>
              ),
          )}
        </span>
      </td>
    </tr>
  );
}

function Goal({ threshold, share }: { readonly threshold: number; readonly share: number | null }) {
  const holds = share !== null && share >= threshold;
  const Icon = holds ? CircleCheck : CircleX;
  return (
    <span className={styles.goal} data-holds={share === null ? undefined : holds}>
      {share !== null && <Icon size={13} role="img" aria-label={holds ? 'holds' : 'does not hold'} />}≥{' '}
      {scoreText(Math.round(threshold * 1_000) / 10)} %
    </span>
  );
}
