import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgesOf } from '../main/graders/testing/subjects.ts';
import { completePattern } from './pattern-complete.ts';
import { drawPattern, patternOf } from './pattern-drawing.ts';
import { matchPattern } from './pattern-match.ts';
import { parsePattern } from './pattern-parse.ts';
import type { Pattern } from './pattern.ts';
import { PATTERN_VERBS, printPattern } from './pattern.ts';

function canonical(text: string): string {
  const { pattern, problems } = parsePattern(text);
  return pattern
    ? printPattern(pattern)
    : problems.map(({ from, to, message }) => `${from}-${to} ${message}`).join(' | ');
}

describe('text', () => {
  test.each([
    [
      'Planner hands to Researcher, Researcher calls search three or more times, never returns to Planner',
      'Planner hands to Researcher, Researcher calls search 3 or more times, Researcher never returns to Planner',
    ],
    [
      'A hands to B, B calls search three or more times, never returns to A',
      'A hands to B, B calls search 3 or more times, B never returns to A',
    ],
    ['A hands off to B, who calls x twice and then returns to A.', 'A hands to B, B calls x twice, B returns to A'],
    ['A hands to B then calls x', 'A hands to B, B calls x'],
    ['A calls x; immediately calls y once', 'A calls x, A immediately calls y once'],
    ['A calls message', 'A calls "message"'],
    ['A does not call x or y', 'A never calls x or y'],
    ['nobody calls delete*', 'anyone never calls delete*'],
    ['A calls x without returning to B', 'A calls x, A never returns to B'],
    ['A calls x, without returning to B', 'A calls x, A never returns to B'],
    ['A calls x at most twice', 'A calls x at most 2 times'],
    ['A calls x between 2 and five times', 'A calls x 2 to 5 times'],
    ['A calls x more than 3 times', 'A calls x 4 or more times'],
    ['A calls x fewer than 3 times', 'A calls x at most 2 times'],
    ['A calls x exactly 4 times', 'A calls x 4 times'],
    ['A calls x 0 times', 'A never calls x'],
    ['Refund Agent hands to the user', '"Refund Agent" hands to user'],
    ['"calls" calls "then"', '"calls" calls "then"'],
    ['anyone calls anything', 'anyone calls anything'],
    ['A tells the user\nA is checked by "PII check"', 'A tells user, A is checked by "PII check"'],
    ['someone transfers to B or C', 'anyone hands to B or C'],
    ['A calls functions.search_web', 'A calls functions.search_web'],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    ['', '0-0 Say who does what, such as: Planner hands to Researcher.'],
    ['Planner Researcher', '0-18 What happens? Write "hands to", "calls", "returns to", "tells" or "is checked by".'],
    ['A hands to', '2-10 "hands to" whom or what? A name is missing.'],
    ['A calls x, B calls', '13-18 "calls" whom or what? A name is missing.'],
    [
      'A never calls x twice',
      '16-21 What never happens has no number; write "at most … times" without "never" instead.',
    ],
    ['A calls x 5 to 2 times', '10-22 The second number is less than the first.'],
    ['A calls x 9999 times', '10-20 At most 200 times can be counted.'],
    ['A calls x or', '10-12 After this a name is missing.'],
    ['A calls "x" y', '8-13 Between two names stands "or", or a comma and the next step.'],
    ['A calls x never y', '10-15 Before "never" a comma is missing, or the name is to be quoted.'],
    [
      'A calls x immediately',
      '10-21 "immediately" stands before the verb, unless it is part of a name, which is quoted then.',
    ],
    [
      'A calls x hands to B',
      '10-18 This is a second verb: divide steps by commas, and quote names that hold such a word.',
    ],
    ['Answer calls x', '7-12 This is a second verb: divide steps by commas, and quote names that hold such a word.'],
    ['A calls ""', '8-10 A name is empty.'],
  ])('what is wrong with %j, and where', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test('every problem is told', () => {
    expect(parsePattern('A, B calls x, C hands to').problems).toHaveLength(2);
  });

  test('hostile texts end soon', () => {
    const begun = performance.now();
    for (const text of ['or '.repeat(3_000), 'A calls '.repeat(1_200), '"'.repeat(9_999), 'between '.repeat(1_000)])
      parsePattern(text);
    expect(parsePattern('A calls x,'.repeat(2_000)).problems[0]?.message).toMatch(/at most 10,?000/);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

const anyName = fc.oneof(
  fc.constantFrom(
    'Planner',
    'search',
    'B',
    'calls',
    'never',
    'Refund Agent',
    'then',
    'x.',
    '"',
    '\\',
    '3',
    '🙂',
    'a\nb',
    '*',
    'or',
  ),
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }),
);
const names = fc.array(
  fc.oneof(
    anyName.map((text) => ({ text, like: false })),
    anyName.map((text) => ({ text: `${text}*`, like: true })),
  ),
  { maxLength: 3 },
);
const action = { from: names, verb: fc.constantFrom(...PATTERN_VERBS), to: names };
const times = fc.oneof(
  fc.nat(8).map((least) => ({ least, most: null })),
  fc.tuple(fc.nat(4), fc.nat(4)).map(([a, b]) => ({ least: Math.min(a, b), most: Math.max(a, b, 1) })),
);
const anyPattern = fc
  .array(
    fc.oneof(
      fc.record({ type: fc.constant('never' as const), ...action }),
      fc
        .record({ type: fc.constant('step' as const), ...action, times, next: fc.boolean() })
        .map(({ times: bounds, ...step }) => ({ ...step, ...bounds })),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((steps): Pattern => patternOf(drawPattern({ steps })));

test('any pattern, printed and read, is the same; drawn and read back, too', () => {
  fc.assert(
    fc.property(anyPattern, (pattern) => {
      expect(parsePattern(printPattern(pattern))).toEqual({ pattern, problems: [] });
      expect(patternOf(drawPattern(pattern))).toEqual(pattern);
    }),
    { numRuns: 500 },
  );
});

test('a drawing has one node for each name, and edges in order', () => {
  const { pattern } = parsePattern('Planner hands to Researcher, Researcher calls search, never returns to Planner');
  expect(drawPattern(pattern!)).toEqual({
    nodes: [
      { id: 'n1', names: [{ text: 'Planner', like: false }], kind: 'agent' },
      { id: 'n2', names: [{ text: 'Researcher', like: false }], kind: 'agent' },
      { id: 'n3', names: [{ text: 'search', like: false }], kind: 'tool' },
    ],
    edges: [
      expect.objectContaining({ from: 'n1', to: 'n2', verb: 'hands', order: 0, never: false }),
      expect.objectContaining({ from: 'n2', to: 'n3', verb: 'calls', order: 1 }),
      expect.objectContaining({ from: 'n2', to: 'n1', verb: 'returns', order: 2, never: true }),
    ],
  });
});

function run(text: string, ...lines: string[]): ReturnType<typeof matchPattern> {
  return matchPattern(parsePattern(text).pattern!, edgesOf(...lines));
}

describe('match', () => {
  const text = 'A hands to B, B calls search three or more times, never returns to A';
  test.each<[string, string[], boolean, string[]]>([
    ['as told', ['A > B', 'B . search', 'B . fetch', 'B . search', 'B . search'], true, ['s0', 's1', 's3', 's4']],
    ['too few', ['A > B', 'B . search', 'B . search'], false, ['s0', 's1', 's2']],
    [
      'it returns by handoff',
      ['A > B', 'B . search', 'B . search', 'B . search', 'B > A'],
      false,
      ['s0', 's1', 's2', 's3'],
    ],
    [
      'it returns by an answer',
      ['A > B', 'B . search', 'B . search', 'B . search', 'A < B'],
      false,
      ['s0', 's1', 's2', 's3'],
    ],
    [
      'it returned in between',
      ['A > B', 'B . search', 'B > A', 'A > B', 'B . search', 'B . search'],
      false,
      ['s0', 's3', 's4', 's5'],
    ],
    [
      'the second time it does',
      ['A > B', 'B > A', 'A > B', 'B . search', 'B . search', 'B . search'],
      true,
      ['s0', 's2', 's3', 's4', 's5'],
    ],
    ['another one calls', ['A > B', 'A . search', 'A . search', 'B . search'], false, ['s0', 's3']],
    ['nothing at all', [], false, []],
  ])('%s', (_name, lines, found, spanIds) => {
    expect(run(text, ...lines)).toMatchObject({ found, spanIds });
  });

  test('what ended it, and how far it came', () => {
    expect(run(text, 'A > B', 'B . search', 'B . search')).toMatchObject({ reached: 1, seen: 2, broken: null });
    expect(run(text, 'A > B', 'B . search', 'B . search', 'B . search', 'A < B')).toMatchObject({
      reached: 2,
      broken: { spanId: 's4', step: { type: 'never' } },
    });
  });

  test.each<[string, string[], boolean]>([
    ['A calls x once', ['A . x'], true],
    ['A calls x once', ['A . x', 'A . x'], false],
    ['A calls x at most 2 times', [], true],
    ['A calls x at most 2 times', ['A . x', 'A . x', 'A . x'], false],
    ['A calls x, A immediately calls y', ['A . x', 'B . z', 'A . y'], true],
    ['A calls x, A immediately calls y', ['A . x', 'A . z', 'A . y'], false],
    ['A calls x, A immediately calls y', ['A . x', 'A . z', 'A . x', 'A . y'], true],
    ['A calls x, never calls y, calls z', ['A . x', 'A . y', 'A . x', 'A . z'], true],
    ['A calls x, never calls y, calls z', ['A . x', 'A . y', 'A . z'], false],
    ['never calls x', ['A . x'], false],
    ['never calls x', ['A . y'], true],
    ['a CALLS X', ['A . x'], true],
    ['A calls s*h', ['A . search'], true],
    ['A calls s*h', ['A . searched'], false],
    ['anyone hands to B or C', ['A > C'], true],
    ['A is checked by g', ['A ! g'], true],
    ['A tells user', ['A ~ user'], true],
    ['A calls B', ['A @ B'], true],
  ])('%s: %j is %s', (pattern, lines, found) => {
    expect(run(pattern, ...lines).found).toBe(found);
  });

  test('what may still change', () => {
    expect(run('A calls x', 'A . x').settled).toBe(true);
    expect(run('A calls x once', 'A . x').settled).toBe(false);
    expect(run('A calls x, never calls y', 'A . x').settled).toBe(false);
    expect(run('A calls x').settled).toBe(false);
  });

  test('100,000 crossings and a pattern of many states end soon', () => {
    const lines = Array.from({ length: 100_000 }, (_one, k) => (k % 3 === 0 ? 'A . y' : 'A . x'));
    const edges = edgesOf(...lines);
    const begun = performance.now();
    for (const pattern of [
      'A calls x 200 times',
      'anyone calls anything 100 or more times, anyone calls anything 100 times',
    ])
      matchPattern(parsePattern(pattern).pattern!, edges);
    const steps = Array.from({ length: 50 }, () => 'anyone calls x or y, anyone never calls z')
      .slice(0, 25)
      .join(', ');
    matchPattern(parsePattern(steps).pattern!, edges);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});

/** What the words mean, tried out for all choices of where each step begins. */
function means({ steps: all }: Pattern, edges: readonly string[]): boolean {
  const steps = all.flatMap((step) => (step.type === 'step' ? [step] : []));
  const hits = (
    k: number,
    { from, to }: { from: Pattern['steps'][number]['from']; to: Pattern['steps'][number]['to'] },
  ): boolean => {
    const [subject = '', , object = ''] = (edges[k] ?? '').split(' ');
    return (from.length === 0 || from[0]!.text === subject) && (to.length === 0 || to[0]!.text === object);
  };
  const by = (k: number, from: Pattern['steps'][number]['from']): boolean =>
    from.length === 0 || edges[k]?.split(' ')[0] === from[0]!.text;
  const neversAfter = (p: number): Pattern['steps'] => {
    let seen = -1;
    return all.filter((step) => (step.type === 'step' ? (seen++, false) : seen === p));
  };
  function from(p: number, t: number): boolean {
    const own = steps[p];
    for (let q = p + 1; q <= steps.length; q++) {
      const next = steps[q];
      const last = next ? edges.length - 1 : edges.length;
      for (let u = next ? t + 1 : edges.length; u <= last; u++) {
        if (next && !hits(u, next)) continue;
        const window = Array.from({ length: u - t - 1 }, (_one, k) => t + 1 + k);
        const mine = own ? [t, ...window.filter((k) => hits(k, own))] : [];
        if (own && (mine.length < own.least || (own.most !== null && mine.length > own.most))) continue;
        if (window.some((k) => neversAfter(p).some((never) => hits(k, never)))) continue;
        const done = own ? mine[Math.max(1, own.least) - 1]! : -1;
        const between = window.filter((k) => k > done && !mine.includes(k));
        // All that could have come next: up to the first that must.
        const must = steps.findIndex((step, k) => k > p && step.least > 0);
        const passed = steps
          .slice(p + 1, must < 0 ? steps.length : must + 1)
          .some((step) => step.most !== null && between.some((k) => hits(k, step)));
        if (passed) continue;
        if (next?.next && own && between.some((k) => by(k, next.from))) continue;
        if (!next || from(q, u)) return true;
      }
      if (next && next.least > 0) return false;
    }
    return false;
  }
  return from(-1, -1);
}

test('it finds what the words mean, for any small pattern and trace', () => {
  const one = (text: string): Pattern['steps'][number]['from'] => [{ text, like: false }];
  const small = {
    from: fc.constantFrom(...['A', 'B'].map(one), []),
    verb: fc.constant('calls' as const),
    to: fc.constantFrom(...['x', 'y'].map(one), []),
  };
  const step = fc.record({
    type: fc.constant('step' as const),
    ...small,
    bounds: fc.constantFrom([1, null], [1, null], [2, null], [1, 1], [2, 2], [0, 1], [1, 2]),
    next: fc.boolean(),
  });
  const pattern = fc
    .array(fc.oneof(step, fc.record({ type: fc.constant('never' as const), ...small })), { minLength: 1, maxLength: 4 })
    .map((steps) =>
      patternOf(
        drawPattern({
          steps: steps.map((each) => {
            if (each.type === 'never') return each;
            const { bounds, ...rest } = each;
            return { ...rest, least: bounds[0] ?? 0, most: bounds[1] ?? null };
          }),
        }),
      ),
    );
  const edges = fc.array(fc.constantFrom('A . x', 'A . y', 'B . x', 'B . y'), { maxLength: 7 });
  fc.assert(
    fc.property(pattern, edges, (given, lines) => {
      expect(matchPattern(given, edgesOf(...lines)).found, printPattern(given)).toBe(means(given, lines));
    }),
    { numRuns: 3_000 },
  );
});

test('completion: names, verbs and numbers where they belong', () => {
  const known = { agents: ['Planner', 'Refund Agent'], tools: ['search', 'fetch'], guardrails: ['PII'] };
  const options = (text: string): string[] =>
    completePattern(text, text.length, known).options.map((each) => each.text);
  expect(options('')).toEqual(expect.arrayContaining(['Planner', '"Refund Agent"', 'anyone']));
  expect(options('Pl')).toEqual(['Planner']);
  expect(options('ref')).toEqual(['"Refund Agent"']);
  expect(options('Planner ha')).toEqual(['hands to']);
  expect(options('Planner calls ')).toEqual(expect.arrayContaining(['search', 'fetch']));
  expect(options('Planner calls search ')).toContain('3 or more times');
  expect(options('Planner is checked by ')).toEqual(['PII', 'anything']);
  expect(completePattern('A calls x, Planner hands to re', 30, known)).toMatchObject({ from: 28, to: 30 });
});
