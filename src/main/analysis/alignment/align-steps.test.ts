import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StepOp } from '#shared/alignment.ts';
import { alignSteps, type StepFacts } from './align-steps.ts';

/** A span as tests write it: key, input, output, children. */
type Node = { key: string; input?: string; output?: string; status?: number; inside?: Node[] };

function texts(roots: readonly Node[]): string[] {
  return roots.flatMap(({ key, input, output, inside }) => [
    key,
    key.split('/')[0]!,
    input ?? '',
    output ?? '',
    ...texts(inside ?? []),
  ]);
}

function toFacts(roots: readonly Node[], symbols: readonly string[]): StepFacts {
  const symbol = (text: string): number => symbols.indexOf(text);
  const rows: { node: Node; parent: number; end: number }[] = [];
  const visit = (node: Node, parent: number): void => {
    const row = rows.push({ node, parent, end: 0 }) - 1;
    for (const child of node.inside ?? []) visit(child, row);
    rows[row]!.end = rows.length;
  };
  for (const root of roots) visit(root, -1);
  const numbers = (of: (node: Node) => number): Int32Array => Int32Array.from(rows, ({ node }) => of(node));
  return {
    count: rows.length,
    parent: Int32Array.from(rows, ({ parent }) => parent),
    end: Int32Array.from(rows, ({ end }) => end),
    key: numbers(({ key }) => symbol(key)),
    name: numbers(({ key }) => symbol(key)),
    kind: numbers(({ key }) => symbol(key.split('/')[0]!)),
    input: numbers(({ input }) => symbol(input ?? '')),
    output: numbers(({ output }) => symbol(output ?? '')),
    status: Uint8Array.from(rows, ({ node }) => node.status ?? 1),
    agent: new Int32Array(rows.length),
    duration: new Float64Array(rows.length).fill(NaN),
    tokens: new Float64Array(rows.length).fill(NaN),
  };
}

function align(a: readonly Node[], b: readonly Node[]): ReturnType<typeof alignSteps> & { words: string } {
  const symbols = [...new Set(['', ...texts(a), ...texts(b)])].sort();
  const alignment = alignSteps(toFacts(a, symbols), toFacts(b, symbols));
  return {
    ...alignment,
    words: alignment.steps
      .map(({ op, a: rowA, b: rowB, changes }) => [op, rowA, rowB, ...changes].join(' '))
      .join('; '),
  };
}

const llm = (output: string, input = ''): Node => ({ key: 'generation/gpt', output, input });
const tool = (name: string, input = '', output = ''): Node => ({ key: `tool/${name}`, input, output });
const agent = (name: string, ...inside: Node[]): Node => ({ key: `agent/${name}`, inside });

test('a trace is the same as itself', () => {
  const trace = [agent('A', llm('1'), tool('search', 'x'), agent('B', llm('2')))];
  expect(align(trace, trace)).toMatchObject({ firstDivergence: -1, similarity: 1, editDistance: 0 });
  expect(align([], [])).toMatchObject({ firstDivergence: -1, similarity: 1, steps: [] });
});

test('a changed argument is where they part; what follows from it is not', () => {
  const a = [{ ...agent('A', llm('1'), tool('search', 'x', 'r1'), llm('2', 'r1')), output: 'end1' }];
  const b = [{ ...agent('A', llm('1'), tool('search', 'y', 'r2'), llm('2', 'r2')), output: 'end2' }];
  const { words, firstDivergence } = align(a, b);
  expect(words).toBe('changed 0 0 output; same 1 1; changed 2 2 input output; changed 3 3 input');
  expect(firstDivergence).toBe(2);
});

test('an insertion among equal names is found by its words', () => {
  const a = [agent('A', llm('1'), llm('2'), llm('3'))];
  const b = [agent('A', llm('1'), llm('new'), llm('2'), llm('3'))];
  expect(align(a, b).words).toBe('same 0 0; same 1 1; added -1 2; same 2 3; same 3 4');
  expect(align(b, a).words).toBe(
    'same 0 0; same 1 1; removed 2 -1; same 2 3; same 3 4'.replace('2 3; same 3 4', '3 2; same 4 3'),
  );
});

test('a block said again is repeated, not added', () => {
  const block = [llm('1'), tool('search', 'x')];
  const a = [agent('A', ...block, llm('end'))];
  const b = [agent('A', ...block, ...block, ...block, llm('end'))];
  expect(align(a, b).counts).toMatchObject({ repeated: 4, added: 0, same: 4 });
  expect(align(b, a).counts).toMatchObject({ repeated: 4, removed: 0, same: 4 });
});

test('a step that stands elsewhere is moved', () => {
  const a = [agent('A', tool('one', 'x'), llm('1'), llm('2'), llm('3'))];
  const b = [agent('A', llm('1'), llm('2'), llm('3'), tool('one', 'x'))];
  expect(align(a, b).words).toBe('same 0 0; same 2 1; same 3 2; same 4 3; moved 1 4');
  const inB = [agent('A', agent('B', tool('one', 'x'), tool('two', 'y')), agent('C'))];
  const inC = [agent('A', agent('B'), agent('C', tool('one', 'x'), tool('two', 'y')))];
  expect(align(inB, inC).counts).toMatchObject({ moved: 2, added: 0, removed: 0 });
});

test('a layer around steps leaves them the same', () => {
  const steps = [llm('1'), tool('search', 'x'), llm('2')];
  const { counts } = align([agent('A', ...steps)], [agent('A', agent('Wrapper', ...steps))]);
  expect(counts).toMatchObject({ same: 4, added: 1, removed: 0 });
  expect(align([agent('A', agent('Wrapper', ...steps))], [agent('A', ...steps)]).counts).toMatchObject({
    same: 4,
    removed: 1,
    added: 0,
  });
});

test('another tool in the same place is a change of name', () => {
  const { words } = align([agent('A', tool('search', 'x'))], [agent('A', tool('lookup', 'x'))]);
  expect(words).toBe('same 0 0; changed 1 1 name');
});

const tree: fc.Memo<Node[]> = fc.memo((depth) =>
  fc.array(
    fc.record({
      key: fc.constantFrom('generation/m', 'tool/a', 'tool/b', 'agent/x'),
      input: fc.constantFrom('', 'i1', 'i2'),
      output: fc.constantFrom('', 'o1', 'o2'),
      inside: depth > 1 ? tree() : fc.constant<Node[]>([]),
    }),
    { maxLength: 4 },
  ),
);

test('every row is told once, and both directions count the same', () => {
  const opposite: Record<StepOp, StepOp> = {
    same: 'same',
    changed: 'changed',
    added: 'removed',
    removed: 'added',
    moved: 'moved',
    repeated: 'repeated',
  };
  fc.assert(
    fc.property(tree(3), tree(3), (a, b) => {
      const there = align(a, b);
      const back = align(b, a);
      const rows = (of: (step: (typeof there.steps)[number]) => number): number[] =>
        there.steps
          .map(of)
          .filter((row) => row >= 0)
          .sort((x, y) => x - y);
      expect(rows((step) => step.a)).toEqual([...Array(texts(a).length / 4).keys()]);
      expect(rows((step) => step.b)).toEqual([...Array(texts(b).length / 4).keys()]);
      expect(there.similarity).toBeCloseTo(back.similarity, 12);
      for (const op of Object.keys(opposite) as StepOp[])
        expect([op, there.counts[op]]).toEqual([op, back.counts[opposite[op]]]);
    }),
  );
});
