import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunComparison } from '#shared/comparison.ts';
import type { Grade } from '#shared/grader.ts';
import type { RunItem } from '#shared/eval.ts';
import { queryClient } from '../../../data/engine.ts';
import { connectFakeEngine, type FakeHandlers } from '../../../data/testing/fake-engine.ts';
import { currentPlace, go } from '../../../state/place.ts';
import { answerOfSample } from './answer-diff.tsx';
import { CompareRunsTab } from './compare-runs-tab.tsx';
import { comparison, criterion, itemColumns, runRow, side } from './testing/sample-comparison.ts';
import { resetCompareRuns, useCompareRuns } from './use-compare-runs.ts';

const runs = [runRow('b', { name: 'after' }), runRow('a', { name: 'before' })];
const found = comparison([
  criterion('answers right', { says: 'Passes 12 points more often (58 % to 70 % of 50 tasks).' }),
  criterion('polite', {
    verdict: 'worse',
    delta: -0.2,
    range: { low: -0.3, high: -0.1 },
    a: side(0.9),
    b: side(0.7),
    graderChanged: true,
  }),
  criterion('short', {
    verdict: 'no difference shown',
    delta: 0.02,
    range: { low: -0.08, high: 0.12 },
    moreNeeded: 40,
    pAdjusted: 0.7,
  }),
]);
const items = itemColumns(
  ['answers right', 'polite'],
  [
    { key: 't1', title: 'Cancel a flight', change: 'regressed', a: [1, 1], b: [0, 1], agents: ['Desk'] },
    { key: 't2', title: 'Change a seat', change: 'fixed', a: [0, 1], b: [1, 1], agents: ['Desk', 'Writer'] },
    { key: 't3', title: 'Lost bag', change: 'same', a: [1, 1], b: [1, 1], tools: ['search'] },
  ],
);

function grade(passed: boolean, explanation: string): Grade {
  return {
    status: 'graded',
    score: passed ? 1 : 0,
    label: null,
    passed,
    explanation,
    evidence: [],
    errors: [],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 1,
  };
}

function itemOf(id: number): RunItem {
  const inA = id % 2 === 0;
  return {
    row: {
      id,
      runId: inA ? 'a' : 'b',
      task: 't1',
      trial: 1,
      title: 'Cancel a flight',
      traceId: inA ? 'a-t1' : 'b-t1',
      gone: false,
      status: 'passed',
      score: 1,
      cost: null,
      durationMs: null,
      results: [],
    },
    item: null,
    sample: null,
    grades: [grade(inA, inA ? 'It was cancelled.' : 'Nothing was cancelled.'), grade(true, 'Kind.')],
  };
}

function connect(handlers: FakeHandlers = {}) {
  const criteria = found.others[0]!.criteria.map(({ name }) => ({ name })) as never;
  const named: RunComparison = {
    ...found,
    baseline: { ...found.baseline, criteria },
    others: found.others.map((other) => ({ ...other, run: { ...other.run, criteria } })),
  };
  return connectFakeEngine({
    'run.list': () => runs,
    'compare.runs': () => named,
    'compare.items': () => items,
    'run.item': ({ id }) => itemOf(id),
    'trace.answer': ({ traceId }) => ({
      question: '',
      answer: traceId.startsWith('a') ? 'Your flight is cancelled.' : 'Your flight is not cancelled.',
    }),
    ...handlers,
  });
}

beforeEach(() => {
  go({ view: 'compare', tab: 'runs', of: [], span: null, q: '' });
  resetCompareRuns();
  // A virtual table draws what its height has room for, and no test has a layout.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 900 });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

test('without two runs it says what to do', async () => {
  connect({ 'run.list': () => [runs[0]!] });
  render(<CompareRunsTab />);
  expect(await screen.findByRole('heading', { name: 'A comparison needs two eval runs' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Go to Evals' }));
  expect(currentPlace().view).toBe('evals');
});

test('the newest two runs are compared, in a sentence and in figures with intervals', async () => {
  connect();
  render(<CompareRunsTab />);
  expect(await screen.findByText('1 of 3 criteria is better, 1 worse, 1 shows no difference.')).toBeTruthy();
  expect(screen.getByLabelText<HTMLSelectElement>(/Baseline/).value).toBe('a');
  const table = screen.getByRole('table', { name: /^Criteria of before/ });
  const better = within(table).getByRole('row', { name: /answers right/ });
  expect(better.textContent).toContain('Better');
  expect(better.textContent).toContain('58 %');
  expect(better.textContent).toContain('+12 points');
  expect(better.textContent).toContain('+3 to +21');
  expect(better.textContent).toContain('p = 0.039 (Holm)');
  expect(within(table).getByRole('row', { name: /polite/ }).textContent).toContain('grader changed');
  expect(within(table).getByRole('row', { name: /short/ }).textContent).toContain('About 40 more examples');
  fireEvent.click(within(table).getByRole('button', { name: 'answers right' }));
  expect(within(table).getByText('Passes 12 points more often (58 % to 70 % of 50 tasks).')).toBeTruthy();
});

test('swapping makes the other run the baseline, and keeps the choice in the place', async () => {
  connect();
  render(<CompareRunsTab />);
  fireEvent.click(await screen.findByRole('button', { name: 'Swap A and B' }));
  expect(currentPlace().of).toEqual(['b', 'a']);
});

test('a comparison that fails says why, with the pickers still there', async () => {
  connect({ 'compare.runs': () => new Error('This run does not exist.') });
  render(<CompareRunsTab />);
  expect((await screen.findByRole('alert')).textContent).toContain('This run does not exist.');
  expect(screen.getByLabelText(/Baseline/)).toBeTruthy();
});

test('items: filtered by what became of them, by text, and to what differs', async () => {
  connect();
  render(<CompareRunsTab />);
  fireEvent.click(await screen.findByRole('radio', { name: 'Items 50' }));
  const grid = await screen.findByRole('grid', { name: 'Items' });
  const titles = (): string[] =>
    within(grid)
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent.slice(0, 24));
  await waitFor(() => expect(titles()).toHaveLength(3));
  fireEvent.click(screen.getByRole('button', { name: 'Fixed 1' }));
  expect(titles()[0]).toContain('Change a seat');
  fireEvent.click(screen.getByRole('button', { name: 'All 3' }));
  fireEvent.click(screen.getByRole('checkbox', { name: /Only what differs/ }));
  expect(titles()).toHaveLength(2);
  fireEvent.change(screen.getByRole('searchbox', { name: /Find items/ }), { target: { value: 'flight' } });
  expect(titles()).toHaveLength(1);
  fireEvent.change(screen.getByRole('searchbox', { name: /Find items/ }), { target: { value: 'nothing' } });
  expect(screen.getByRole('heading', { name: 'No such item' })).toBeTruthy();
});

test('the chosen item shows both verdicts and what changed in the answer, and opens as a pair', async () => {
  connect();
  useCompareRuns.setState({ pane: 'items' });
  render(<CompareRunsTab />);
  const grid = await screen.findByRole('grid', { name: 'Items' });
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  const panel = await screen.findByRole('complementary', { name: 'The chosen item' });
  expect(await within(panel).findByText('Nothing was cancelled.')).toBeTruthy();
  expect(within(panel).getByText('It was cancelled.')).toBeTruthy();
  const first = within(panel).getAllByRole('heading', { level: 3 })[0];
  expect(first?.textContent).toContain('answers right');
  expect((await within(panel).findByText('not', { exact: false, selector: 'ins:last-of-type' })).textContent).toContain(
    'not',
  );
  fireEvent.keyDown(screen.getByRole('grid', { name: 'Items' }), { key: 'Enter' });
  expect(currentPlace()).toMatchObject({ view: 'compare', tab: 'traces', of: ['a-t1', 'b-t1'] });
});

test('charts have names, descriptions and tables, and ask for a cost where none is known', async () => {
  connect();
  useCompareRuns.setState({ pane: 'charts' });
  render(<CompareRunsTab />);
  expect(await screen.findByRole('img', { name: 'Spread of the scores' })).toBeTruthy();
  expect(screen.getByRole('img', { name: 'Cost against quality' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Criteria of each run as a table' }));
  const table = screen.getByRole('region', { name: 'Criteria of each run, table' });
  expect(within(table).getAllByRole('row')).toHaveLength(1 + 3 * 2);
});

test('answers of imported samples are found in both of their shapes', () => {
  expect(answerOfSample({ output_text: 'Yes.' })).toBe('Yes.');
  expect(answerOfSample({ output: [{ role: 'assistant', content: 'Yes.' }] })).toBe('Yes.');
  expect(answerOfSample({ output: [] })).toBeNull();
  expect(answerOfSample(null)).toBeNull();
});
