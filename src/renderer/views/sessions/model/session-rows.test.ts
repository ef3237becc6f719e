import { expect, test } from 'vitest';
import type { SessionPage, SessionRow } from '#shared/session.ts';
import { addPage, mergeHead, NO_ROWS, showWaiting, type SessionRows } from './session-rows.ts';

function row(id: string, revision = 1): SessionRow {
  return {
    id,
    title: id,
    user: null,
    source: '',
    status: 'ok',
    traces: 1,
    startNs: null,
    endNs: null,
    spans: 1,
    errors: 0,
    agents: [],
    inputTokens: null,
    outputTokens: null,
    cost: null,
    costBasis: null,
    bars: [],
    revision,
  };
}

function page(ids: string, nextCursor: string | null = null): SessionPage {
  return { rows: [...ids].map((id) => row(id)), nextCursor, total: ids.length };
}

function ids({ rows }: SessionRows): string {
  return rows.map(({ id }) => id).join('');
}

test('a new session comes first, or waits while someone reads', () => {
  const state = mergeHead(NO_ROWS, page('abc'), false);
  expect(ids(mergeHead(state, page('xabc'), false))).toBe('xabc');
  const held = mergeHead(state, page('xabc'), true);
  expect(ids(held)).toBe('abc');
  expect(held.total).toBe(4);
  expect(ids(showWaiting(held))).toBe('xabc');
  expect(showWaiting(held).waiting).toBeNull();
});

test('rows change in place while someone reads, and what did not change is not drawn again', () => {
  const state = mergeHead(NO_ROWS, page('abc'), false);
  const next = mergeHead(state, { rows: [row('b', 2), row('a'), row('c')], nextCursor: null, total: 3 }, true);
  expect(ids(next)).toBe('abc');
  expect(next.rows[1]!.revision).toBe(2);
  expect(next.rows[0]).toBe(state.rows[0]);
  expect(ids(showWaiting(next))).toBe('bac');
});

test('pages follow each other without a row twice; the head alone does not cut what is read further down', () => {
  const state = addPage(mergeHead(NO_ROWS, page('abc', 'c'), false), page('cde', 'e'));
  expect(ids(state)).toBe('abcde');
  const held = mergeHead(state, page('abc', 'c'), true);
  expect(ids(held)).toBe('abcde');
  expect(held.cursor).toBe('e');
  const anew = mergeHead(state, page('ab'), false);
  expect(ids(anew)).toBe('ab');
  expect(anew.cursor).toBeNull();
});
