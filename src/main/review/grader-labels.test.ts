import { expect, test } from 'vitest';
import type { HumanRow } from '../store/human-labels.ts';
import { humanLabels } from './grader-labels.ts';

function row(traceId: string, more: Partial<HumanRow>): HumanRow {
  return {
    traceId,
    annotator: 'Ann',
    kind: 'verdict',
    place: 'trace',
    taxonomy: null,
    category: null,
    passed: null,
    ...more,
  };
}

test('verdicts on traces: the last word of each, then most of them; as many for as against is disputed', () => {
  const labels = humanLabels(
    [
      row('a', { passed: false }),
      row('a', { passed: true }),
      row('b', { passed: true }),
      row('b', { passed: false, annotator: 'Ben' }),
      row('c', { passed: true }),
      row('c', { passed: false, annotator: 'Ben' }),
      row('c', { passed: false, annotator: 'Cy' }),
      row('d', { passed: false, place: 'span' }),
      row('e', { kind: 'category', category: 'x' }),
    ],
    { kind: 'verdict' },
    [],
  );
  expect([...labels]).toEqual([
    ['a', 'pass'],
    ['b', 'disputed'],
    ['c', 'fail'],
  ]);
});

test('a category fails a trace wherever it stands, in any spelling; other labelled traces pass', () => {
  const mast = {
    id: 'mast',
    title: 'MAST',
    about: '',
    version: 1,
    preset: true,
    categories: [
      { code: '1.3', title: 'Step repetition', definition: '', parent: null, aliases: ['repeats'], retired: false },
    ],
  };
  const labels = humanLabels(
    [
      row('a', { kind: 'category', taxonomy: 'mast', category: 'Repeats', place: 'span' }),
      row('a', { passed: true }),
      row('b', { kind: 'category', taxonomy: 'mast', category: '2.1' }),
      row('c', { kind: 'category', taxonomy: 'other', category: '1.3' }),
    ],
    { kind: 'category', taxonomy: 'mast', category: '1.3' },
    [mast],
  );
  expect([...labels]).toEqual([
    ['a', 'fail'],
    ['b', 'pass'],
    ['c', 'pass'],
  ]);
});
