/** All that is known of one criterion, in a sentence and then in figures. */
import { TriangleAlert } from 'lucide-react';
import type { CriterionComparison } from '#shared/comparison.ts';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { needText, pSentence, rangeText, sideWords, valueText } from './model/words.ts';
import styles from './runs.module.css';

const MOST_K = 12;

type Props = { readonly criterion: CriterionComparison; readonly letter: string };

export function CriterionDetail({ criterion, letter }: Props) {
  const { a, b, measure } = criterion;
  const { detects, more } = needText(criterion);
  const ks = Math.min(MOST_K, Math.max(a.passAtK.length, b.passAtK.length, a.passHatK.length, b.passHatK.length));
  return (
    <div className={styles.detail}>
      <p className={`${styles.says} selectable`}>{visibleString(criterion.says)}</p>
      {criterion.graderChanged && (
        <p className={styles.warning}>
          <TriangleAlert size={13} aria-hidden /> The grader has another definition in {letter} than in A: the
          difference is not of the agents alone. Repeat one of the runs with the grader of the other.
        </p>
      )}
      <div className={styles.detailColumns}>
        <dl className={`${styles.facts} selectable`}>
          <dt>A</dt>
          <dd>
            {valueText(a.value, measure)} ({rangeText(a.range, measure)}), {sideWords(a)}
          </dd>
          <dt>{letter}</dt>
          <dd>
            {valueText(b.value, measure)} ({rangeText(b.range, measure)}), {sideWords(b)}
          </dd>
          <dt>Interval by</dt>
          <dd>{criterion.rangeBy ?? 'none'}</dd>
          <dt>Test</dt>
          <dd>
            {criterion.test === 'none'
              ? 'none'
              : `${criterion.testName}: ${pSentence(criterion.p)}, ${pSentence(criterion.pAdjusted)} after Holm`}
          </dd>
          <dt>Smallest difference to be seen</dt>
          <dd>
            {detects}, in 80 of 100 cases, with {formatCount(criterion.n)} {criterion.n === 1 ? 'pair' : 'pairs'}
          </dd>
          <dt>More examples</dt>
          <dd>{more}</dd>
          {(a.flaky > 0 || b.flaky > 0 || ks > 0) && (
            <>
              <dt>Flaky</dt>
              <dd>
                trials of {formatCount(a.flaky)} {a.flaky === 1 ? 'task' : 'tasks'} differ in A, of{' '}
                {formatCount(b.flaky)} in {letter}
              </dd>
            </>
          )}
        </dl>
        {ks > 0 && (
          <table className={styles.kTable}>
            <caption>Over trials of one task</caption>
            <thead>
              <tr>
                <th scope="col">k</th>
                <th scope="col">pass@k A</th>
                <th scope="col">{letter}</th>
                <th scope="col">pass^k A</th>
                <th scope="col">{letter}</th>
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: ks }, (_, index) => (
                <tr key={index}>
                  <th scope="row">{index + 1}</th>
                  {[a.passAtK, b.passAtK, a.passHatK, b.passHatK].map((values, column) => (
                    <td key={column}>{valueText(values[index] ?? null, 'pass rate')}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}
