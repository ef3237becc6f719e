import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PatternPage } from '#shared/pattern.ts';
import { connectFakeEngine } from '../data/testing/fake-engine.ts';
import { useJobs } from './jobs.ts';
import {
  cancelPatternSearch,
  continuePatternSearch,
  FOUND_AT_ONCE,
  openPatternSearch,
  startPatternSearch,
  usePatternSearch,
} from './pattern-search.ts';
import { go } from './place.ts';

function page(ids: readonly string[], nextCursor: string | null): PatternPage {
  return { traces: ids.map((traceId) => ({ traceId, spanIds: ['s'] })), looked: 10, total: 25, nextCursor };
}

const run = () => usePatternSearch.getState().run!;

beforeEach(() => usePatternSearch.setState({ open: false, text: 'A hands to B', query: ' error:true ', run: null }));
afterEach(cancelPatternSearch);

test('it goes on from part to part, and says how far it is', async () => {
  const asked: object[] = [];
  const answers = [page(['t1'], 'c1'), page([], 'c2'), page(['t2'], null)];
  connectFakeEngine({
    'pattern.search': (args) => {
      asked.push(args);
      return answers.shift() ?? new Error('one too many');
    },
  });
  await startPatternSearch();
  expect(asked).toEqual([
    { pattern: 'A hands to B', query: 'error:true', limit: FOUND_AT_ONCE },
    { pattern: 'A hands to B', query: 'error:true', cursor: 'c1', limit: FOUND_AT_ONCE - 1 },
    { pattern: 'A hands to B', query: 'error:true', cursor: 'c2', limit: FOUND_AT_ONCE - 1 },
  ]);
  expect(run()).toMatchObject({ status: 'done', looked: 30, total: 25 });
  expect(run().found.map(({ traceId }) => traceId)).toEqual(['t1', 't2']);
  expect(useJobs.getState().jobs).toEqual([]);
});

test('it can be cancelled, from the status bar too, and gone on with', async () => {
  let parts = 0;
  connectFakeEngine({
    'pattern.search': ({ cursor }) => {
      parts++;
      if (cursor === undefined) return page(['t1'], 'c1');
      useJobs.getState().jobs[0]?.cancel?.();
      return page(['lost'], 'c2');
    },
  });
  const search = startPatternSearch();
  await vi.waitFor(() => expect(run().status).toBe('cancelled'));
  await search;
  expect(parts).toBe(2);
  expect(run().found).toHaveLength(1);
  connectFakeEngine({ 'pattern.search': ({ cursor }) => page([`after ${cursor ?? 'nothing'}`], null) });
  await continuePatternSearch();
  expect(run()).toMatchObject({ status: 'done' });
  expect(run().found.map(({ traceId }) => traceId)).toEqual(['t1', 'after c1']);
});

test('a failure is kept with what was found, and a new search begins anew', async () => {
  connectFakeEngine({
    'pattern.search': ({ cursor }) => (cursor === undefined ? page(['t1'], 'c1') : new Error('gone')),
  });
  await startPatternSearch();
  expect(run()).toMatchObject({ status: 'failed', error: { message: 'gone' } });
  expect(run().found).toHaveLength(1);
  connectFakeEngine({ 'pattern.search': () => page([], null) });
  await startPatternSearch();
  expect(run()).toMatchObject({ status: 'done', found: [], error: null });
});

test('after so many it waits', async () => {
  const many = Array.from({ length: FOUND_AT_ONCE }, (_, k) => `t${k}`);
  connectFakeEngine({ 'pattern.search': () => page(many, 'more') });
  await startPatternSearch();
  expect(run().status).toBe('paused');
});

test('it opens within what is searched in the list of traces', () => {
  go({ view: 'traces', q: 'agent:Planner' });
  openPatternSearch();
  expect(usePatternSearch.getState()).toMatchObject({ open: true, query: 'agent:Planner', text: 'A hands to B' });
});
