import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyFacts, cpuMs, fact, manyFacts, renumbered, shuffled } from '../../../test/support/span-facts.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

/** The tree as text, so that trees of differently ordered lists compare. */
function outline(spans: readonly SpanFact[]): string[] {
  const tree = buildTree(spans);
  return [...tree.order].map((i) => {
    const flags = `${tree.missingParent[i] === 1 ? '?' : ''}${tree.cyclic[i] === 1 ? '@' : ''}`;
    return `${'  '.repeat(tree.depth[i]!)}${spans[i]!.spanId}${flags} ..${tree.subtreeEnd[i]}`;
  });
}

test('siblings stand by start, then end, then cause, then id, and never by arrival', () => {
  const spans = [
    fact('late', { parentId: 'root', start: 5, end: 6 }),
    fact('handoff', { parentId: 'root', start: 2, end: 2, kind: 'handoff' }),
    fact('call', { parentId: 'root', start: 2, end: 2, kind: 'generation' }),
    fact('open', { parentId: 'root', start: 1, end: null }),
    fact('b', { parentId: 'root', start: 1, end: 3 }),
    fact('a', { parentId: 'root', start: 1, end: 3 }),
    fact('short', { parentId: 'root', start: 1, end: 2 }),
    fact('root', { start: 0, end: 9 }),
  ];
  expect(outline(spans)).toEqual([
    'root ..8',
    '  short ..2',
    '  a ..3',
    '  b ..4',
    '  open ..5',
    '  call ..6',
    '  handoff ..7',
    '  late ..8',
  ]);
});

test('spans without a start come last, as they arrived', () => {
  const spans = [
    fact('z', { start: null, end: null, seq: 1 }),
    fact('a', { start: null, end: null, seq: 2 }),
    fact('n', { start: NaN, seq: 3 }),
    fact('timed', { start: 100, end: 101, seq: 9 }),
  ];
  expect(outline(spans)).toEqual(['timed ..1', 'z ..2', 'a ..3', 'n ..4']);
});

test('a missing parent makes a flagged root', () => {
  expect(outline([fact('child', { parentId: 'lost' }), fact('grandchild', { parentId: 'child' })])).toEqual([
    'child? ..2',
    '  grandchild ..2',
  ]);
});

test('a cycle is cut at its smallest span id, whatever hangs below it', () => {
  const spans = [
    fact('c', { parentId: 'b', start: 3 }),
    fact('b', { parentId: 'a', start: 2 }),
    fact('a', { parentId: 'c', start: 1 }),
    fact('tail', { parentId: 'c', start: 4 }),
    fact('self', { parentId: 'self', start: 9 }),
  ];
  const expected = ['a@ ..4', '  b ..4', '    c ..4', '      tail ..4', 'self@ ..5'];
  expect(outline(spans)).toEqual(expected);
  expect(outline([...spans].reverse())).toEqual(expected);
});

test('any spans, in any order of arrival, give one and the same tree', () => {
  fc.assert(
    fc.property(
      anyFacts().chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
      ([facts, other]) => {
        expect(outline(other)).toEqual(outline(facts));
      },
    ),
  );
  const timed = anyFacts().map((facts) => facts.map((one) => ({ ...one, start: one.start ?? 0 })));
  fc.assert(
    fc.property(
      timed.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
      ([facts, other]) => {
        expect(outline(renumbered(other))).toEqual(outline(facts));
      },
    ),
  );
});

test('the tree holds every span once, parents before children, subtrees in one piece', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const tree = buildTree(facts);
      expect([...tree.order].sort((a, b) => a - b)).toEqual(facts.map((_, i) => i));
      tree.order.forEach((i, row) => {
        expect(tree.row[i]).toBe(row);
        const up = tree.parent[i]!;
        expect(tree.depth[i]).toBe(up < 0 ? 0 : tree.depth[up]! + 1);
        if (up >= 0) {
          expect(facts[i]!.parentId).toBe(facts[up]!.spanId);
          expect(tree.row[up]).toBeLessThan(row);
          expect(tree.subtreeEnd[i]).toBeLessThanOrEqual(tree.subtreeEnd[up]!);
        } else {
          expect(facts[i]!.parentId === null || tree.missingParent[i] === 1 || tree.cyclic[i] === 1).toBe(true);
        }
      });
    }),
  );
});

test('a chain of 100,000 spans neither overflows nor takes long, wide or deep', () => {
  const deep = Array.from({ length: 100_000 }, (_, k) => fact(`s${k}`, { parentId: k === 0 ? null : `s${k - 1}` }));
  const tree = buildTree(deep);
  expect(tree.depth[99_999]).toBe(65_535);
  expect(tree.subtreeEnd[0]).toBe(100_000);
  const ring = deep.map((one, k) => ({ ...one, parentId: `s${(k + 1) % deep.length}` }));
  expect(buildTree(ring).cyclic[0]).toBe(1);
  const wide = deep.map((one, k) => ({ ...one, parentId: k === 0 ? null : 's0', start: (k * 7919) % 100_003 }));
  expect(buildTree(wide).subtreeEnd[0]).toBe(100_000);
  const spans = manyFacts(100_000);
  // The figure aimed at is 100 ms; the bound only tells linear from quadratic.
  expect(cpuMs(() => buildTree(spans))).toBeLessThan(2_000);
}, 60_000);

test('no spans give an empty tree', () => {
  expect(buildTree([]).order).toHaveLength(0);
});
