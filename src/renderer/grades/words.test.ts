import { expect, test } from 'vitest';
import type { Grade } from '#shared/grader.ts';
import { outcomeOf, scoreText, tally } from './words.ts';

function grade(status: Grade['status'], passed: boolean | null, score: number | null): Grade {
  return {
    ...{ status, passed, score, label: null, explanation: '', evidence: [], errors: [], subRewards: {} },
    ...{ usage: [], notes: {}, durationMs: 1 },
  };
}

test('errored and not applicable verdicts are counted apart and leave the mean', () => {
  const all = [
    grade('graded', true, 1),
    grade('graded', false, 0),
    grade('graded', null, 0.5),
    grade('errored', null, 0),
    grade('not_applicable', null, null),
  ];
  expect(tally(all)).toEqual({ passed: 1, failed: 1, none: 1, errored: 1, not_applicable: 1, mean: 0.5 });
  expect(tally([grade('errored', null, 0)]).mean).toBeNull();
  expect(all.map(outcomeOf)).toEqual(['passed', 'failed', 'none', 'errored', 'not_applicable']);
});

test('scores say no more digits than they have', () => {
  expect([null, 0, 1, 0.5, 1 / 3, 12.5, 0.0001].map(scoreText)).toEqual(['–', '0', '1', '0.5', '0.333', '12.5', '0']);
});
