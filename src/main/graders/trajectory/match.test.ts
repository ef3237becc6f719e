import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { aCall, gradeOf, ofTrace } from '../testing/subjects.ts';

type Case = {
  readonly name: string;
  readonly mode: string;
  readonly outputs?: Json;
  readonly reference?: Json;
  readonly expected_by_args_mode: Readonly<Record<string, boolean>>;
};
const { cases } = JSON.parse(readFileSync('test/fixtures/vectors/trajectory_match_agentevals.json', 'utf8')) as {
  readonly cases: readonly Case[];
};

describe('as agentevals', () => {
  const given = new Map(cases.flatMap((one) => (one.outputs === undefined ? [] : [[one.name, one]])));
  test.each(cases)('$name, $mode', async ({ name, mode, expected_by_args_mode: expected }) => {
    const { outputs = null, reference = null } = given.get(name)!;
    for (const [args, fit] of Object.entries(expected)) {
      const definition = {
        type: 'trajectory_match',
        name,
        mode,
        arguments: args,
        actual: '{{ item.outputs }}',
        reference: '{{ item.reference }}',
        compatibility: 'agentevals',
      };
      const grade = await gradeOf(definition, { item: { outputs, reference }, sample: {} });
      expect({ args, status: grade.status, passed: grade.passed }).toEqual({ args, status: 'graded', passed: fit });
    }
  });
});

const searchThenBook: Json = [
  { name: 'search', arguments: { q: 'x' } },
  { name: 'book', arguments: { id: 1 } },
];

test('of a trace, with what differs in words and spans', async () => {
  const subject = ofTrace({ tool_calls: [aCall('search', { q: 'x' }), aCall('pay', { id: 1 })] });
  const grade = await gradeOf({ type: 'trajectory_match', name: 'm', reference: searchThenBook }, subject);
  expect(grade).toMatchObject({
    passed: false,
    score: 0,
    explanation: '2 tool calls made, 2 expected: missing "book"; unexpected "pay".',
    evidence: [{ spanId: 'pay-span' }],
  });
});

test('what a mode allows is neither named nor evidence', async () => {
  const on = async (mode: string, reference: Json, ...calls: ReturnType<typeof aCall>[]): Promise<unknown> => {
    const { explanation, evidence } = await gradeOf(
      { type: 'trajectory_match', name: 'm', reference, mode },
      ofTrace({ tool_calls: calls }),
    );
    return [explanation.replace(/^.*: /, ''), evidence.map(({ spanId }) => spanId)];
  };
  expect(await on('superset', ['search'], aCall('pay'), aCall('search'))).toEqual([
    'all expected ones are there.',
    ['search-span'],
  ]);
  expect(
    await on('superset', searchThenBook, aCall('pay'), aCall('search', { q: 'x' }), aCall('book', { id: 2 })),
  ).toEqual(['missing "book"; unexpected "book".', ['book-span']]);
  expect(await on('subset', ['search', 'book'], aCall('pay'), aCall('search'))).toEqual([
    'unexpected "pay".',
    ['pay-span'],
  ]);
});

test.each<[string, object, string[], boolean]>([
  ['strict: in order', {}, ['search', 'book'], true],
  ['strict: another order', {}, ['book', 'search'], false],
  ['strict: more', {}, ['search', 'book', 'book'], false],
  ['in order, with others between', { mode: 'in_order' }, ['a', 'search', 'a', 'book'], true],
  ['not in order', { mode: 'in_order' }, ['book', 'search'], false],
  ['unordered', { mode: 'unordered' }, ['book', 'search'], true],
  ['superset', { mode: 'superset' }, ['book', 'a', 'search'], true],
  ['superset: one is missing', { mode: 'superset' }, ['book', 'a'], false],
  ['subset: nothing called', { mode: 'subset' }, [], true],
  ['subset: the same twice', { mode: 'subset' }, ['book', 'book'], false],
])('%s', async (_name, fields, called, passed) => {
  const subject = ofTrace({ tool_calls: called.map((name) => aCall(name)) });
  const definition = { type: 'trajectory_match', name: 'm', reference: ['search', 'book'], ...fields };
  expect((await gradeOf(definition, subject)).passed).toBe(passed);
});

test('calls that one expected message asks for may come in any order', async () => {
  const reference: Json = [
    { role: 'user', content: 'q' },
    { role: 'assistant', tool_calls: ['a', 'b'].map((name) => ({ function: { name, arguments: '{}' } })) },
    { role: 'assistant', tool_calls: [{ function: { name: 'c', arguments: '{}' } }] },
  ];
  const run = async (...names: string[]): Promise<boolean | null> =>
    (
      await gradeOf(
        { type: 'trajectory_match', name: 'm', reference },
        ofTrace({ tool_calls: names.map((n) => aCall(n)) }),
      )
    ).passed;
  expect([await run('b', 'a', 'c'), await run('a', 'c', 'b')]).toEqual([true, false]);
});

test('arguments of single tools: another mode, or keys that alone count', async () => {
  const calls = [aCall('search', { q: 'x', page: { size: 5, at: 1 } }), aCall('book', { id: 2 })];
  const reference: Json = [
    { name: 'search', arguments: { q: 'y', page: { size: 5, at: 2 } } },
    { name: 'book', arguments: { id: 1 } },
  ];
  const run = async (overrides: Json): Promise<boolean | null> =>
    (await gradeOf({ type: 'trajectory_match', name: 'm', reference, overrides }, ofTrace({ tool_calls: calls })))
      .passed;
  expect(await run({ search: ['page.size'], book: 'ignore' })).toBe(true);
  expect(await run({ search: ['page.at'], book: 'ignore' })).toBe(false);
  expect(await run({ search: ['page.size'] })).toBe(false);
});

test('a call that fits two expected ones is left to the one that has no other', async () => {
  const calls = [aCall('t', { a: 1, b: 2 }), aCall('t', { a: 1 })];
  const reference: Json = [
    { name: 't', arguments: { a: 1 } },
    { name: 't', arguments: { a: 1, b: 2 } },
  ];
  const definition = { type: 'trajectory_match', name: 'm', reference, mode: 'unordered', arguments: 'superset' };
  expect((await gradeOf(definition, ofTrace({ tool_calls: calls }))).passed).toBe(true);
});

test('arguments that nobody recorded are no mismatch, and no match', async () => {
  const definition = { type: 'trajectory_match', name: 'm', reference: searchThenBook };
  const grade = await gradeOf(definition, ofTrace({ tool_calls: [aCall('search', null), aCall('book', null)] }));
  expect(grade).toMatchObject({ status: 'not_applicable', passed: null });
  const other = await gradeOf(definition, ofTrace({ tool_calls: [aCall('search', null), aCall('pay', null)] }));
  expect(other).toMatchObject({ status: 'graded', passed: false });
});

test('what is no list of calls is said', async () => {
  const bad = await gradeOf(
    { type: 'trajectory_match', name: 'm', reference: '{{ item.x }}' },
    { item: { x: 3 }, sample: {} },
  );
  expect(bad).toMatchObject({ status: 'errored', errors: [{ flag: 'other_error' }] });
  const missing = await gradeOf(
    { type: 'trajectory_match', name: 'm', reference: '{{ item.y }}' },
    { item: {}, sample: {} },
  );
  expect(missing).toMatchObject({ status: 'errored', errors: [{ flag: 'invalid_variable_error' }] });
});

test('10,000 calls of one tool against 10,000 end soon', async () => {
  const calls = Array.from({ length: 10_000 }, (_one, k) => aCall('t', { n: k, text: 'x'.repeat(50) }));
  const reference = calls.map(({ name, arguments: given }) => ({ name, arguments: given })).reverse();
  const begun = performance.now();
  const definition = { type: 'trajectory_match', name: 'm', reference, mode: 'unordered' };
  expect((await gradeOf(definition, ofTrace({ tool_calls: calls }))).passed).toBe(true);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

const someCalls = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b'),
    arguments: fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(1), { maxKeys: 2 }),
  }),
  { maxLength: 5 },
);

test('for any calls: unordered is both subset and superset, and strict implies all', async () => {
  await fc.assert(
    fc.asyncProperty(
      someCalls,
      someCalls,
      fc.constantFrom('exact', 'subset', 'superset', 'ignore'),
      async (mine, theirs, args) => {
        const run = (mode: string): Promise<boolean> => fits(mine, theirs, { mode, arguments: args });
        const [strict, inOrder, unordered, subset, superset] = await Promise.all(
          ['strict', 'in_order', 'unordered', 'subset', 'superset'].map(run),
        );
        // The most pairs there can be, found by trying all.
        expect(superset).toBe(bestPairs(mine, theirs, args) === theirs.length);
        expect(unordered).toBe(subset && superset);
        if (strict) expect([inOrder, unordered]).toEqual([true, true]);
        if (inOrder) expect(superset).toBe(true);
      },
    ),
  );
});

async function fits(mine: readonly Call[], theirs: readonly Call[], fields: object): Promise<boolean> {
  const subject = ofTrace({ tool_calls: mine.map((call) => aCall(call.name, call.arguments)) });
  return (
    (await gradeOf({ type: 'trajectory_match', name: 'm', reference: theirs, ...fields }, subject)).passed === true
  );
}

type Call = { readonly name: string; readonly arguments: Readonly<Record<string, number>> };

function bestPairs(mine: readonly Call[], theirs: readonly Call[], mode: string): number {
  const [want, ...rest] = theirs;
  if (!want) return 0;
  let best = bestPairs(mine, rest, mode);
  mine.forEach((call, k) => {
    if (fit(call, want, mode))
      best = Math.max(
        best,
        1 +
          bestPairs(
            mine.filter((_one, j) => j !== k),
            rest,
            mode,
          ),
      );
  });
  return best;
}

function fit(call: Call, want: Call, mode: string): boolean {
  const holds = (whole: Call, part: Call): boolean =>
    Object.entries(part.arguments).every(([key, value]) => whole.arguments[key] === value);
  const less = mode === 'ignore' || mode === 'superset' || holds(want, call);
  const more = mode === 'ignore' || mode === 'subset' || holds(call, want);
  return call.name === want.name && less && more;
}
