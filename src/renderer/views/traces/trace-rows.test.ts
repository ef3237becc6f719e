import { expect, test } from 'vitest';
import type { TraceRows } from './trace-rows.ts';
import { tracePage, traceRow } from './testing/trace-row.ts';
import { addPage, firstPage, mergeHead, showWaiting, withoutRows } from './trace-rows.ts';

const ids = (state: TraceRows) => state.rows.map((row) => row.id).join('');

test('while nobody reads further down, new rows come in at the top', () => {
  const before = addPage(firstPage(tracePage('def', '3')), tracePage('ghi', '6'));
  const after = mergeHead(before, tracePage('cde', '3', 7), true);
  expect(ids(after)).toBe('cdefghi');
  expect(after).toMatchObject({ cursor: '6', total: 7, fresh: 0, waiting: null });
});

test('while someone reads, new rows wait and the others stay where they are', () => {
  const before = addPage(firstPage(tracePage('def', '3')), tracePage('ghi', null));
  const after = mergeHead(before, tracePage('abd', '3', 9), false);
  expect(ids(after)).toBe('defghi');
  expect(after).toMatchObject({ fresh: 2, total: 9 });
  expect(ids(showWaiting(after))).toBe('abdefghi');
});

test('rows that are shown get their new values in place, and others keep their identity', () => {
  const before = firstPage(tracePage('abc', '3'));
  const newer = traceRow('b', { spans: 9, revision: 2 });
  const after = mergeHead(before, { rows: [traceRow('a'), newer, traceRow('c')], nextCursor: '3', total: 3 }, false);
  expect(after.rows[1]).toBe(newer);
  expect(after.rows[0]).toBe(before.rows[0]);
  expect(mergeHead(after, { rows: [traceRow('a'), newer, traceRow('c')], nextCursor: '3', total: 3 }, false).rows).toBe(
    after.rows,
  );
});

test('when so much is new that the pages no longer meet, the list begins again', () => {
  const before = addPage(firstPage(tracePage('xyz', '3')), tracePage('uvw', '6'));
  const after = mergeHead(before, tracePage('abc', 'next'), true);
  expect(ids(after)).toBe('abc');
  expect(after.cursor).toBe('next');
  expect(mergeHead(before, tracePage('abc', 'next'), false)).toMatchObject({ fresh: 3, rows: before.rows });
});

test('what disappeared from a complete first page is gone', () => {
  expect(ids(mergeHead(firstPage(tracePage('abc')), tracePage('ac'), true))).toBe('ac');
  expect(ids(mergeHead(firstPage(tracePage('abc')), tracePage(''), true))).toBe('');
});

test('pages that overlap do not repeat rows', () => {
  expect(ids(addPage(firstPage(tracePage('abc', '3')), tracePage('cde', null)))).toBe('abcde');
});

test('deleted rows go everywhere', () => {
  const reading = mergeHead(firstPage(tracePage('bcd', null, 3)), tracePage('abcd', null, 4), false);
  const after = withoutRows(reading, new Set(['a', 'c']));
  expect(ids(after)).toBe('bd');
  expect(ids(showWaiting(after))).toBe('bd');
});
