import { expect, test } from 'vitest';
import type { AnnotationRow } from '#shared/annotation.ts';
import { disagreements } from './disagreement.ts';

let count = 0;
function row(author: string | null, change: Partial<AnnotationRow>): AnnotationRow {
  return {
    place: { kind: 'trace' },
    kind: 'verdict',
    taxonomy: null,
    category: null,
    severity: null,
    score: null,
    passed: null,
    note: null,
    tags: [],
    agent: null,
    isRootCause: false,
    evidenceSpanId: null,
    correction: null,
    answers: null,
    preference: null,
    extra: {},
    id: `a${++count}`,
    traceId: 't1',
    author,
    createdAt: null,
    editor: null,
    editedAt: null,
    imported: false,
    conflict: false,
    ...change,
  };
}

test('two people on one verdict, and one alone or in agreement is none', () => {
  const [ann, ben] = [row('Ann', { passed: true }), row('Ben', { passed: false })];
  expect(disagreements([ann, ben])).toMatchObject([{ amount: 1, authors: ['Ann', 'Ben'], what: 'the verdict' }]);
  expect(disagreements([ann, row('Ben', { passed: true })])).toEqual([]);
  expect(disagreements([ann, row('Ann', { passed: false })])).toEqual([]);
  expect(disagreements([ann, row('Ben', { passed: false, traceId: 't2' })])).toEqual([]);
});

test('categories are sets of a taxonomy at a place', () => {
  const loop = { kind: 'category', taxonomy: 'mast', category: 'Loop' } as const;
  const late = { kind: 'category', taxonomy: 'mast', category: 'Late' } as const;
  expect(disagreements([row('Ann', loop), row('Ann', late), row('Ben', loop)])[0]?.amount).toBe(0.5);
  expect(disagreements([row('Ann', loop), row('Ben', { ...loop, category: ' loop ' })])).toEqual([]);
  expect(disagreements([row('Ann', loop), row('Ben', { ...late, taxonomy: 'trail' })])).toEqual([]);
});

test('blame differs in agent or span; scores by their distance', () => {
  const blame = { kind: 'blame', agent: 'Planner', place: { kind: 'span', spanId: 's1' } } as const;
  const other = { ...blame, place: { kind: 'span', spanId: 's2' } } as const;
  expect(disagreements([row('Ann', blame), row(null, other)])[0]?.amount).toBeCloseTo(2 / 3);
  const score = (value: number) => ({ kind: 'score', taxonomy: 'quality', score: value }) as const;
  const [first, second] = disagreements([
    row('Ann', score(1)),
    row('Ben', score(5)),
    row('Ann', { ...score(3), traceId: 't2' }),
    row('Ben', { ...score(3), traceId: 't2' }),
  ]);
  expect(first?.amount).toBe(1);
  expect(second).toBeUndefined();
});

test('what was adjudicated is settled', () => {
  const [ann, ben] = [row('Ann', { passed: true }), row('Ben', { passed: false })];
  const decision = row('Cleo', { passed: false, extra: { adjudicates: [ann.id, ben.id] } });
  expect(disagreements([ann, ben, decision])).toEqual([]);
});
