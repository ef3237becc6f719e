import { expect, test } from 'vitest';
import { findEntry, type ReadEntries } from './find-entry.ts';

/** Entry `at` starts at `starts[at]`. */
function reader(starts: readonly (number | null)[]): { read: ReadEntries; asked: number[] } {
  const asked: number[] = [];
  const all = starts.map((start, at) => ({ spanId: `s${at}`, startNs: start === null ? null : `${start}` }));
  return {
    asked,
    read: (cursor, limit) => {
      asked.push(cursor);
      return Promise.resolve(all.slice(cursor, cursor + limit));
    },
  };
}

test('finds an entry among thousands with a handful of questions', async () => {
  const { read, asked } = reader(Array.from({ length: 10_000 }, (_, at) => at * 10));
  expect(await findEntry(read, 10_000, 's7777', 77_770n)).toEqual({ index: 7777, exact: true });
  expect(asked.length).toBeLessThan(20);
});

test('finds it among entries that start at the same time, over the border of a page', async () => {
  const { read } = reader(Array.from({ length: 400 }, (_, at) => (at < 50 ? at : 50)));
  expect(await findEntry(read, 400, 's333', 50n)).toEqual({ index: 333, exact: true });
});

test('a span that is no entry leads to the first entry after its start', async () => {
  const { read } = reader([0, 10, 20, 30]);
  expect(await findEntry(read, 4, 'an agent', 15n)).toEqual({ index: 2, exact: false });
  expect(await findEntry(read, 4, 'late', 99n)).toEqual({ index: 3, exact: false });
});

test('entries without a time stand at the end', async () => {
  const { read } = reader([0, 10, null, null]);
  expect(await findEntry(read, 4, 's1', 10n)).toEqual({ index: 1, exact: true });
});

test('nothing is known of a span without a start', async () => {
  expect(await findEntry(reader([1]).read, 1, 's0', null)).toBeNull();
  expect(await findEntry(reader([]).read, 0, 's0', 1n)).toBeNull();
});
