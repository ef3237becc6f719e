// Each picture says in a plain sentence what it could not take at its word.
import { afterEach, expect, test } from 'vitest';
import { cleanup, render, screen } from '@testing-library/react';
import { SPAN_FLAGS, type SpanColumns } from '#shared/trace.ts';
import { makeColumns } from '../model/testing/make-table.ts';
import { odditiesOf, odditySentences, type Picture } from './oddities.ts';
import { OddityNote } from './oddity-note.tsx';

afterEach(cleanup);

const PICTURES: readonly Picture[] = ['tree', 'graph', 'sequence', 'lanes', 'flame', 'conversation', 'log'];

function said(columns: SpanColumns, picture: Picture): string {
  return odditySentences(odditiesOf(columns), picture).join(' ');
}

function cyclic(outline: string): SpanColumns {
  const columns = makeColumns(outline);
  columns.flags[0] = SPAN_FLAGS.cyclicParent;
  return columns;
}

const ODD: readonly (readonly [string, SpanColumns, Partial<Record<Picture, RegExp>>])[] = [
  [
    'a missing parent',
    makeColumns('a 0 9\nlost 1 2 orphan'),
    {
      tree: /parent of 1 span was not received: it stands at the top/,
      graph: /not received: who called/,
      lanes: /not received/,
      flame: /not received/,
      conversation: /not received/,
    },
  ],
  [
    'several roots',
    makeColumns('a 0 9\nb 1 2\nc 3 4'),
    {
      tree: /3 spans stand at the top: the trace has several roots/,
      graph: /several roots/,
      sequence: /several roots/,
      lanes: /several roots/,
      flame: /side by side/,
      conversation: /one after the other/,
    },
  ],
  [
    'clocks that disagree',
    makeColumns('a 5 9\n  b 1 2\n  c 8 6'),
    {
      tree: /clock of 2 spans disagrees with the rest: drawn where their own says/,
      graph: /may be wrong/,
      flame: /disagrees/,
      conversation: /may be wrong/,
    },
  ],
  [
    'some without a time',
    makeColumns('a 5 9\n  b - -'),
    {
      tree: /1 span without a start stands last below its parent/,
      graph: /after all others/,
      conversation: /without a start/,
    },
  ],
  [
    'no times at all',
    makeColumns('a - -\nb - -'),
    {
      tree: /No span has a time: rows stand in the order of recording/,
      graph: /No span has a time/,
      sequence: /No span has a time/,
      conversation: /No span has a time/,
    },
  ],
  [
    'still running',
    makeColumns('a 0 - running\n  b 1 2'),
    {
      tree: /1 span still running: open at the end/,
      graph: /more may follow/,
      lanes: /up to the last time/,
      flame: /up to the last time/,
      conversation: /more may follow/,
      log: /no end is listed/,
    },
  ],
  [
    'a span inside itself',
    cyclic('a 0 9\n  b 1 2'),
    {
      tree: /1 span is its own ancestor: the circle is cut, and it stands at the top/,
      graph: /circle is cut/,
      lanes: /circle is cut/,
      flame: /circle is cut/,
      conversation: /circle is cut/,
    },
  ],
];

test.each(ODD)('%s', (_, columns, sentences) => {
  for (const picture of PICTURES) {
    const wanted = sentences[picture];
    if (wanted) expect(said(columns, picture)).toMatch(wanted);
    else expect(said(columns, picture)).toBe('');
  }
});

test('a trace with nothing odd, also with spans that took no time, has no note', () => {
  const columns = makeColumns('a 0 9\n  b 1 1\n  c 2 3');
  for (const picture of PICTURES) expect(said(columns, picture)).toBe('');
  const { container } = render(<OddityNote columns={columns} picture="tree" />);
  expect(container.innerHTML).toBe('');
});

test('a trace that goes on is told so quietly', () => {
  render(<OddityNote columns={makeColumns('a 0 - running\n  b 1 2')} picture="tree" />);
  expect(screen.getByRole('note').dataset.quiet).toBe('true');
  cleanup();
  render(<OddityNote columns={makeColumns('a 0 - running\nb 1 2')} picture="tree" />);
  expect(screen.getByRole('note').dataset.quiet).toBe('false');
});

test('the note can be found, reached by keyboard, and read', () => {
  render(<OddityNote columns={makeColumns('a 0 9\nlost 1 2 orphan')} picture="graph" />);
  const note = screen.getByRole('note', { name: 'What is odd about this trace' });
  expect(note.tabIndex).toBe(0);
  expect(note.textContent).toContain('not received');
});
