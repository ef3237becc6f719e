/** All criteria of a comparison in one sentence. */
import type { CriterionComparison } from '#shared/comparison.ts';
import { counted } from './figures-text.ts';

/** "1 of 4 criteria is better, 1 worse, 2 show no difference." */
export function summaryOf(criteria: readonly Pick<CriterionComparison, 'verdict'>[]): string {
  const told = VERDICTS.flatMap(([verdict, one, many]) => {
    const count = criteria.filter((criterion) => criterion.verdict === verdict).length;
    return count === 0 ? [] : [{ count, words: count === 1 ? one : many }];
  });
  const [first, ...rest] = told;
  if (!first) return 'The runs have no criterion.';
  const head = `${counted(first.count)} of ${counted(criteria.length)} criteria ${first.words}`;
  return `${[head, ...rest.map(({ count, words }) => `${counted(count)} ${words.replace(/^(is|are) /, '')}`)].join(', ')}.`;
}

const VERDICTS: readonly (readonly [CriterionComparison['verdict'], string, string])[] = [
  ['better', 'is better', 'are better'],
  ['worse', 'is worse', 'are worse'],
  ['different', 'is different', 'are different'],
  ['no difference shown', 'shows no difference', 'show no difference'],
  ['nothing to compare', 'cannot be compared', 'cannot be compared'],
];
