import { expect, test } from 'vitest';
import { runRow } from '../testing/sample-comparison.ts';
import { chooseRuns } from './choose.ts';

const runs = [
  runRow('e2-new', { evalId: 'e2', status: 'running' }),
  runRow('e3', { evalId: 'e3' }),
  runRow('e1-new', { evalId: 'e1' }),
  runRow('e2-old', { evalId: 'e2' }),
  runRow('e1-old', { evalId: 'e1' }),
];

test('without a choice, the newest two of one eval that finished, the older one as the baseline', () => {
  expect(chooseRuns([], runs)).toEqual({ baselineId: 'e1-old', otherIds: ['e1-new'] });
});

test('runs that did not finish are better than none', () => {
  expect(chooseRuns([], [runs[0]!, runs[3]!])).toEqual({ baselineId: 'e2-old', otherIds: ['e2-new'] });
  expect(chooseRuns([], [runs[0]!, runs[1]!])).toEqual({ baselineId: null, otherIds: [] });
});

test('with a baseline alone, the newest other run of its eval', () => {
  expect(chooseRuns(['e2-old'], runs)).toEqual({ baselineId: 'e2-old', otherIds: ['e2-new'] });
  expect(chooseRuns(['e3'], runs)).toEqual({ baselineId: 'e3', otherIds: [] });
});

test('a choice is taken as it is, but no run is compared with itself or twice', () => {
  expect(chooseRuns(['e3', 'e1-old', 'e3', 'e1-old', 'gone'], runs)).toEqual({
    baselineId: 'e3',
    otherIds: ['e1-old', 'gone'],
  });
});
