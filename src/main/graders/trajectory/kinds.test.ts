import { describe, expect, test } from 'vitest';
import type { Subject, SubjectTrace } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { checkDefinition } from '../definition.ts';
import { GRADER_KINDS } from '../registry.ts';
import { aCall, aSpan, aTrace, edgesOf, gradeOf, ofTrace } from '../testing/subjects.ts';
import { expectedTrajectory } from './from-trace.ts';

type Fields = { readonly [field: string]: Json };

async function verdict(type: string, fields: Fields, given: Partial<SubjectTrace> | Subject): Promise<string> {
  const subject = 'sample' in given ? given : ofTrace(given);
  const { status, passed, score, explanation, errors } = await gradeOf({ type, name: 'g', ...fields }, subject);
  if (status === 'errored') return `errored ${errors.map(({ flag }) => flag).join()}: ${explanation}`;
  const result = status === 'graded' ? `${passed === null ? 'neutral' : passed ? 'pass' : 'fail'} ${score}` : 'n/a';
  return `${result}: ${explanation}`;
}

const ours = GRADER_KINDS.filter(({ group }) => group === 'trajectory');

test.each(ours)('$type: its example is a definition without problems, and grades', async (kind) => {
  expect(checkDefinition(kind.example).problems).toEqual([]);
  const subject = ofTrace({
    spans: [aSpan('s')],
    tool_calls: [aCall('search')],
    edges: edgesOf('A > B', 'B . search'),
  });
  const grade = await gradeOf(kind.example, subject);
  expect(grade.errors).toEqual([]);
  expect(grade.explanation).toMatch(/^\S.*\.$/s);
});

test.each(ours)('$type: without a trace it errs or does not apply, and never throws', async (kind) => {
  const grade = await gradeOf(kind.example, { item: {}, sample: { output_text: '' } });
  expect(grade.errors.filter(({ message }) => message.startsWith('The grader failed'))).toEqual([]);
  expect(grade.status).not.toBe('errored');
});

test('a misspelt field is told', () => {
  const { problems } = checkDefinition({ type: 'tool_rules', name: 'g', required: ['a'], forbiden: ['b'] });
  expect(problems).toEqual([
    { severity: 'warning', path: '/forbiden', message: '"forbiden" is no field of tool_rules and is not looked at.' },
  ]);
});

const calls = (...names: string[]): Partial<SubjectTrace> => ({
  tool_calls: names.map((name, k) => aCall(name, {}, { span_id: `s${k}` })),
});

test.each<[Fields, Partial<SubjectTrace>, string]>([
  [{ required: ['a'] }, calls('b', 'a'), 'pass 1: The rule is kept in 2 tool calls.'],
  [{ required: ['a'] }, calls('b'), 'fail 0: 1 of 1 rule broken: "a" was not called.'],
  [{ required: ['a'] }, { ...calls('b'), running: true }, 'n/a: The trace is still running: "a" was not called.'],
  [{ forbidden: ['del_*'] }, calls('del_x', 'del_y'), 'fail 0: 1 of 1 rule broken: "del_*" was called twice.'],
  [
    { allowed: ['a', 'b*'] },
    calls('a', 'bb', 'c'),
    'fail 0: 1 of 1 rule broken: "c" is not among the allowed tools (once in all).',
  ],
  [{ order: [{ first: 'a', then: 'b' }] }, calls('a', 'b'), 'pass 1: The rule is kept in 2 tool calls.'],
  [{ order: [{ first: 'a', then: 'b' }] }, calls('b', 'a'), 'fail 0: 1 of 1 rule broken: "b" was called before "a".'],
  [{ order: [{ first: 'a', then: 'b' }] }, calls('a'), 'fail 0: 1 of 1 rule broken: "b" was not called.'],
  [{ order: [{ first: 'a', then: 'b', rule: 'only_after' }] }, calls('c'), 'pass 1: The rule is kept in 1 tool call.'],
  [
    { order: [{ first: 'a', then: 'b', rule: 'only_after' }] },
    calls('b', 'a'),
    'fail 0: 1 of 1 rule broken: "b" was called without "a" before it.',
  ],
  [
    { order: [{ first: 'a', then: 'b', rule: 'followed_by' }] },
    calls('a', 'b', 'a'),
    'fail 0: 1 of 1 rule broken: after "a" no "b" came.',
  ],
  [
    { counts: [{ tool: 'a', min: 1, max: 2 }] },
    calls('a', 'a', 'a'),
    'fail 0: 1 of 1 rule broken: "a" was called 3 times, at least 1 and at most 2 allowed.',
  ],
  [{ required: ['a'], forbidden: ['b'] }, calls('a', 'b'), 'fail 0.5: 1 of 2 rules broken: "b" was called once.'],
])('tool_rules %j', async (fields, trace, expected) => {
  expect(await verdict('tool_rules', fields, trace)).toBe(expected);
});

const used = { usage: { input_tokens: 900, output_tokens: 100, total_tokens: 1000 } };

test.each<[Fields, Partial<SubjectTrace>, string]>([
  [{ max: { total_tokens: 1000 } }, used, 'pass 1: Within bounds: 1,000 tokens, at most 1,000.'],
  [{ max: { total_tokens: 999, tool_calls: 5 } }, used, 'fail 0.5: Out of bounds: 1,000 tokens, at most 999.'],
  [{ max: { cost: 1 } }, {}, 'n/a: Not known: cost (at most 1) was not recorded.'],
  [{ max: { cost: 1, total_tokens: 5000 } }, used, 'n/a: Not known: cost (at most 1) was not recorded.'],
  [{ max: { cost: 1, total_tokens: 5 } }, used, 'fail 0: Out of bounds: 1,000 tokens, at most 5.'],
  [{ max: { cost: 0 } }, { cost: 0 }, 'pass 1: Within bounds: 0 USD, at most 0.'],
  [{ min: { tool_calls: 2 } }, calls('a'), 'fail 0: Out of bounds: 1 tool call, at least 2.'],
  [
    { min: { tool_calls: 2 } },
    { ...calls('a'), running: true },
    'n/a: Not known: 1 tool call, at least 2, and still running.',
  ],
  [{ max: { duration_ms: 10 } }, { duration_ms: null }, 'n/a: Not known: time (at most 10) was not recorded.'],
])('budget %j of %j', async (fields, trace, expected) => {
  expect(await verdict('budget', fields, trace)).toBe(expected);
});

test('budget: the spans that are over it', async () => {
  const grade = await gradeOf({ type: 'budget', name: 'g', max: { tool_calls: 1 } }, ofTrace(calls('a', 'b', 'c')));
  expect(grade.evidence.map(({ spanId }) => spanId)).toEqual(['s1', 's2']);
});

test('loop: equal calls by one agent, and rounds of steps', async () => {
  const same = (agent: string, q: string, k: number) => aCall('search', { q }, { agent, span_id: `s${k}` });
  const often = { tool_calls: [same('A', 'x', 0), same('A', 'x', 1), same('A', 'x', 2), same('B', 'x', 3)] };
  expect(await verdict('loop', {}, often)).toBe(
    'fail 0: "search" was called 3 times with the same arguments (at most 2).',
  );
  expect(await verdict('loop', { max_identical_calls: 3 }, often)).toMatch(/^pass 1/);
  expect(await verdict('loop', { ignore_tools: ['sea*'] }, often)).toMatch(/^pass 1/);
  const edges = edgesOf('A > B', 'B > A', 'A > B', 'B > A', 'A > B', 'B > A');
  expect(await verdict('loop', {}, { edges })).toBe(
    'fail 0: The same 2 steps went round 3 times (at most 2): "B", "A".',
  );
  expect(await verdict('loop', {}, { edges: edges.slice(0, 5) })).toMatch(/^pass 1/);
  const unknown = { tool_calls: often.tool_calls.map((call) => ({ ...call, arguments: null })) };
  expect(await verdict('loop', {}, unknown)).toMatch(/^pass 1/);
});

test('retries', async () => {
  const call = (status: 'ok' | 'error', name = 'a') => aCall(name, {}, { status });
  const trace = { tool_calls: [call('error'), call('error'), call('ok'), call('error', 'b')] };
  expect(await verdict('retries', {}, trace)).toBe('fail 0: 2 retries in 4 tool calls: 2 retries, at most 0.');
  expect(await verdict('retries', { max: 2 }, trace)).toBe('pass 1: 2 retries in 4 tool calls.');
  expect(await verdict('retries', { max_per_tool: 1 }, trace)).toMatch(/too many of "a"/);
  expect(await verdict('retries', { max: 5, must_recover: true }, trace)).toMatch(/^fail 0: .*"b" failed to the last/);
  expect(await verdict('retries', { tools: ['z'] }, trace)).toBe('n/a: No such tool was called.');
});

test('error_spans', async () => {
  const spans = [aSpan('a'), aSpan('b', { status: 'error', kind: 'tool', tool: 'get', error: 'No such city' })];
  expect(await verdict('error_spans', {}, { spans })).toBe('fail 0: 1 error span, at most 0: "b" says "No such city".');
  expect(await verdict('error_spans', { max: 1 }, { spans })).toMatch(/^pass 1/);
  expect(await verdict('error_spans', { kinds: ['generation'] }, { spans })).toBe('pass 1: 0 error spans, at most 0.');
  expect(await verdict('error_spans', { message: 'SUCH CITY', tools: ['g*'] }, { spans })).toMatch(/^fail 0/);
});

test.each<[Fields, string[], string]>([
  [{ expected: [{ from: 'A', to: 'B' }] }, ['A > B'], 'pass 1: 1 handoff in the trace, all as expected.'],
  [{ expected: [{ from: 'A', to: 'C' }] }, ['A > B'], 'fail 0: 1 handoff in the trace; not there: A → C.'],
  [{ forbidden: [{ to: 'B' }] }, ['A > B', 'A > B'], 'fail 0: 2 handoffs in the trace; not allowed: A → B (2 in all).'],
  [{ forbidden: [{ from: 'A', to: 'B' }] }, [], 'pass 1: 0 handoffs in the trace, all as expected.'],
  [
    { expected: [{ to: 'B' }, { to: 'A' }], in_order: true },
    ['B > A', 'A > B'],
    'fail 0.5: 2 handoffs in the trace; not there: anyone → A.',
  ],
  [
    { expected: [{ to: 'B' }], no_others: true },
    ['A > B', 'B > C'],
    'fail 0.5: 2 handoffs in the trace; not allowed: B → C (1 in all).',
  ],
  [{ expected: [{ to: 'B' }], agent_calls: true }, ['A @ B'], 'pass 1: 1 handoff in the trace, all as expected.'],
])('handoff %j', async (fields, lines, expected) => {
  expect(await verdict('handoff', fields, { edges: edgesOf(...lines) })).toBe(expected);
});

test('guardrail', async () => {
  const guardrails = [
    { span_id: 'g1', name: 'pii', triggered: false },
    { span_id: 'g2', name: 'tone', triggered: true },
  ];
  expect(await verdict('guardrail', {}, { guardrails })).toBe('fail 0: 1 guardrail run of 2 triggered: "tone".');
  expect(await verdict('guardrail', { names: ['pii'] }, { guardrails })).toMatch(/^pass 1/);
  expect(await verdict('guardrail', { expect: 'triggered' }, { guardrails })).toMatch(/^pass 1/);
  expect(await verdict('guardrail', {}, {})).toBe('n/a: No such guardrail ran.');
});

test('tool_schema', async () => {
  const schema = { type: 'object', required: ['city'], properties: { city: { type: 'string' } } };
  const tool_calls = [aCall('a', { city: 'Oslo' }, { schema }), aCall('b', '{"city": 3}', { schema }), aCall('c', {})];
  expect(await verdict('tool_schema', {}, { tool_calls })).toBe(
    'fail 0.5: 1 of 2 checked calls fit: of "b", city should be a string, and is the number 3.',
  );
  expect(await verdict('tool_schema', { pass_threshold: 0.5 }, { tool_calls })).toMatch(/^pass 0.5/);
  expect(await verdict('tool_schema', { tools: ['c'] }, { tool_calls })).toMatch(/^n\/a: Of 1 tool call, none has/);
  expect(await verdict('tool_schema', { tools: ['c'], schemas: { c: schema } }, { tool_calls })).toMatch(
    /^fail 0: .*city is missing/,
  );
});

function answer(text: string): Subject {
  return { item: { city: 'Oslo', total: 12.5 }, sample: { output_text: text } };
}

test.each<[Fields, string, string]>([
  [{ check: 'exact', reference: 'Oslo' }, ' Oslo\n', 'pass 1: The answer is "Oslo".'],
  [{ check: 'exact', reference: 'Oslo', trim: false }, ' Oslo', 'fail 0: The answer is not "Oslo".'],
  [
    { check: 'exact', reference: ['a', '{{ item.city }}'], ignore_case: true },
    'OSLO',
    'pass 1: The answer is one of "a", "Oslo".',
  ],
  [{ check: 'contains', reference: ['Oslo', 'Bergen'] }, 'In Oslo', 'fail 0.5: The answer does not hold "Bergen".'],
  [{ check: 'contains_any', reference: ['Oslo', 'Bergen'] }, 'In Oslo', 'pass 1: The answer holds "Oslo".'],
  [{ check: 'contains_none', reference: ['Oslo'] }, 'In Oslo', 'fail 0: The answer holds "Oslo".'],
  [{ check: 'regex', pattern: '^\\d{4}$' }, '2026', 'pass 1: The answer matches "^\\\\d{4}$".'],
  [
    { check: 'regex', pattern: '(?=x)' },
    'x',
    'errored other_error: /pattern: The pattern is not understood: look-around, back references and classes of characters by property are not.',
  ],
  [
    { check: 'json_schema', schema: { type: 'object', required: ['a'] } },
    '```json\n{"a": 1}\n```',
    'pass 1: The answer fits the schema.',
  ],
  [
    { check: 'json_schema', schema: { type: 'object', required: ['a'] } },
    '{}',
    'fail 0: The answer does not fit the schema: a is missing (1 problem).',
  ],
  [{ check: 'json_schema', schema: true }, 'no', 'fail 0: The answer is no JSON.'],
  [
    { check: 'json_diff', reference: { city: '{{ item.city }}', n: 10 } },
    '{"city": "Oslo", "n": 12}',
    'fail 0.9545454545454546: 0.955 of the value is the same; different at "n".',
  ],
  [{ check: 'json_diff', reference: { a: [1] } }, '{"a": [1]}', 'pass 1: The answer is the expected value.'],
  [
    { check: 'numeric', reference: '{{ item.total }}', tolerance: 0.5 },
    'It costs 1,012 or so: 12.9 EUR.',
    'pass 1: The answer says 12.9: 0.4 away from 12.5, at most 0.5 allowed.',
  ],
  [
    { check: 'numeric', reference: 100, relative_tolerance: 0.1 },
    'About 89.',
    'fail 0: The answer says 89: 11 away from 100, at most 10 allowed.',
  ],
  [
    { check: 'numeric', reference: 1012, which_number: 'first' },
    'It costs 1,012 or so: 12.9 EUR.',
    'pass 1: The answer says 1,012: 0 away from 1,012, at most 0 allowed.',
  ],
  [
    { check: 'numeric', reference: 1, which_number: 'only' },
    '1 of 2',
    'fail 0: The answer holds 2 numbers, and should hold one.',
  ],
  [{ check: 'numeric', reference: 1 }, 'none', 'fail 0: The answer holds no number.'],
  [{ check: 'numeric', reference: 'x' }, '1', 'errored other_error: The reference is no number.'],
  [
    { check: 'exact', reference: '{{ item.nope }}' },
    'x',
    'errored invalid_variable_error: {{ item.nope }} is not there: item has city, total.',
  ],
])('final_answer %j', async (fields, text, expected) => {
  expect(await verdict('final_answer', fields, answer(text))).toBe(expected);
});

test('final_answer: evidence is the span that gave the answer', async () => {
  const trace = aTrace({
    output_text: '42 km',
    spans: [aSpan('s9', { kind: 'generation', output: 'About 42 km.' })],
  });
  const on = (fields: Fields, given = trace): Promise<unknown> =>
    gradeOf(
      { type: 'final_answer', name: 'g', ...fields },
      { item: {}, sample: { output_text: '42 km' }, trace: given },
    );
  expect(await on({ check: 'regex', pattern: 'mile' })).toMatchObject({ evidence: [{ spanId: 's9', quote: null }] });
  expect(await on({ check: 'numeric', reference: 42 })).toMatchObject({ evidence: [{ spanId: 's9', quote: '42' }] });
  expect(await on({ check: 'exact', reference: 'x' }, aTrace({ output_text: '42 km' }))).toMatchObject({
    evidence: [],
  });
});

test('budget: evidence is what is beyond the bound, or what took most', async () => {
  const usage = (total: number) => ({ input_tokens: null, output_tokens: null, total_tokens: total });
  const trace = ofTrace({
    usage: usage(90),
    spans: [10, 60, 20].map((total, at) => aSpan(`g${at}`, { kind: 'generation', usage: usage(total) })),
  });
  const on = async (max: Json): Promise<unknown> =>
    (await gradeOf({ type: 'budget', name: 'g', max }, trace)).evidence.map(({ spanId, note }) => [spanId, note]);
  expect(await on({ steps: 2 })).toEqual([['g2', '3 steps, at most 2']]);
  expect(await on({ total_tokens: 50 })).toEqual([
    ['g1', '60 tokens of 90 tokens, at most 50'],
    ['g2', '20 tokens of 90 tokens, at most 50'],
    ['g0', '10 tokens of 90 tokens, at most 50'],
  ]);
  expect(await on({ total_tokens: 90 })).toEqual([]);

  // The call itself counts, and not what a framework puts around it.
  const wrapped = ofTrace({
    spans: [
      aSpan('outer'),
      aSpan('try', { kind: 'custom', parent_id: 'outer' }),
      aSpan('inner', { parent_id: 'try' }),
      aSpan('round', { parent_id: 'round' }),
      aSpan('asks'),
      aSpan('tool', { kind: 'tool', parent_id: 'asks' }),
      aSpan('within', { parent_id: 'tool' }),
    ],
  });
  expect(await verdict('budget', { max: { generations: 3 } }, wrapped)).toMatch(/^pass 1: .*3 generations/);
});

test('loop: different steps to the same place are told apart', async () => {
  const round = ['A > Shell', 'B . Shell'];
  const edges = edgesOf(...round, ...round, ...round);
  expect(await verdict('loop', {}, { edges })).toContain('"A → Shell", "B → Shell"');
});

test('final_answer: the quote is in the answer as it stands', async () => {
  const definition = { type: 'final_answer', name: 'g', check: 'contains', reference: 'oslo', ignore_case: true };
  expect((await gradeOf(definition, answer('In OSLO!'))).evidence).toEqual([
    { spanId: null, quote: 'OSLO', note: 'in the answer' },
  ]);
});

test('detector', async () => {
  const found = {
    detector: 'call-loop',
    severity: 'medium' as const,
    span_ids: ['s1'],
    agent: 'A',
    reason: 'It ran round.',
    evidence: [],
  };
  const trace = { findings: [found] };
  expect(await verdict('detector', { detector: 'call-loop' }, trace)).toBe(
    'fail 0: 1 finding, at most 0: It ran round.',
  );
  expect(await verdict('detector', { detector: 'call-loop', severity: 'high' }, trace)).toMatch(/^pass 1/);
  expect(await verdict('detector', { detector: 'any', agent: 'B' }, trace)).toMatch(/^pass 1/);
  expect(await verdict('detector', { detector: 'stall', expect: 'present' }, trace)).toMatch(/^fail 0/);
  expect(checkDefinition({ type: 'detector', name: 'g', detector: 'call-lop' }).definition).toBeNull();
});

describe('pattern', () => {
  const text = 'A hands to B, B calls search three or more times, never returns to A';
  test.each<[Fields, string[], string]>([
    [
      {},
      ['A > B', 'B . search', 'B . search', 'B . search'],
      'pass 1: The pattern is there by 4 crossings, among 4 crossings.',
    ],
    [
      {},
      ['A > B', 'B . search'],
      'fail 0: The pattern is not there: 1 of 2 steps came true among 2 crossings; "B calls search 3 or more times" did not (seen 1 time, wanted 3 or more times).',
    ],
    [
      {},
      ['A > B', 'B . search', 'B . search', 'B . search', 'A < B'],
      'fail 0: The pattern is not there: 2 of 2 steps came true among 5 crossings, then "B never returns to A" was broken.',
    ],
    [
      { expect: 'absent' },
      ['A > B'],
      'pass 1: The pattern is not there: 1 of 2 steps came true among 1 crossing; "B calls search 3 or more times" did not.',
    ],
  ])('%j %j', async (fields, lines, expected) => {
    expect(await verdict('pattern', { pattern: text, ...fields }, { edges: edgesOf(...lines) })).toBe(expected);
  });

  test('of a running trace, what may still happen is not judged', async () => {
    const run = (pattern: string, ...lines: string[]) =>
      verdict('pattern', { pattern }, { edges: edgesOf(...lines), running: true });
    expect(await run('A calls x', 'A . y')).toMatch(/^n\/a/);
    expect(await run('A calls x', 'A . x')).toMatch(/^pass/);
    const absent = { pattern: 'A calls x once', expect: 'absent' };
    expect(await verdict('pattern', absent, { edges: edgesOf('A . x'), running: true })).toMatch(/^n\/a/);
    expect(await verdict('pattern', absent, { edges: edgesOf('A . x') })).toMatch(/^fail/);
  });

  test('what is wrong with its text, and where', () => {
    const [problem] = checkDefinition({ type: 'pattern', name: 'g', pattern: 'A hands' }).problems;
    expect(problem).toMatchObject({ severity: 'error', path: '/pattern' });
    expect(problem?.message).toContain('(characters 1 to 7)');
  });
});

test('pass_k grades each run alone', async () => {
  const run = (id: string, ...names: string[]): SubjectTrace => aTrace({ id, ...calls(...names) });
  const subject = (...traces: SubjectTrace[]): Subject => ({ item: {}, sample: {}, trace: traces[0]!, traces });
  const grader = { type: 'tool_rules', name: 'r', required: ['a'] };
  const three = subject(run('1', 'a'), run('2', 'b'), run('3', 'a'));
  expect(await verdict('pass_k', { grader, k: 2 }, three)).toBe(
    'fail 0.3333333333333333: 2 of 3 runs passed: all of 2 pass with probability 0.333.',
  );
  expect(await verdict('pass_k', { grader, k: 2, metric: 'pass_at_k' }, three)).toMatch(/^pass 1/);
  expect(await verdict('pass_k', { grader, k: 4 }, three)).toMatch(/^n\/a: 3 runs judged/);
  expect(await verdict('pass_k', { grader, k: 1 }, {})).toMatch(/^n\/a/);

  // Evidence is of the trace that is graded, though the others have spans of the same id.
  const wrong = (id: string) => aTrace({ id, error_spans: [aSpan('s1', { status: 'error' })] });
  const errors = { type: 'pass_k', name: 'g', k: 1, grader: { type: 'error_spans', name: 'e' } };
  const ofFirst = await gradeOf(errors, subject(run('1', 'a'), wrong('2')));
  expect(ofFirst).toMatchObject({ evidence: [], notes: { failed: ['2'] } });
  expect((await gradeOf(errors, subject(wrong('1'), wrong('2')))).evidence).toMatchObject([{ spanId: 's1' }]);
  const session: Subject = {
    item: {},
    sample: {},
    trace: aTrace({ id: 'session:s' }),
    traces: [wrong('1'), wrong('2')],
  };
  expect((await gradeOf(errors, session)).evidence).toMatchObject([{ spanId: '1/s1' }, { spanId: '2/s1' }]);
  const answered = { type: 'final_answer', name: 'f', check: 'exact', reference: 'yes' };
  const two = subject(aTrace({ output_text: 'yes' }), aTrace({ output_text: 'no' }));
  expect(await verdict('pass_k', { grader: answered, k: 1 }, two)).toMatch(/^pass 0.5: 1 of 2/);
  expect(checkDefinition({ type: 'pass_k', name: 'g', k: 1, grader: { type: 'x', name: 'y' } }).definition).toBeNull();
});

test('convergence leaves out runs without any', async () => {
  const traces = [calls('a'), calls('a', 'b'), {}].map((each) => aTrace(each));
  expect(await verdict('convergence', { length: 'tool_calls' }, { item: {}, sample: {}, traces })).toBe(
    'pass 0.75: 2 runs of 1 to 2 tool calls: 0.75 of the shortest way on average.',
  );
  // One run is always the shortest.
  expect(await verdict('convergence', {}, { item: {}, sample: {}, traces: traces.slice(0, 1) })).toMatch(/^n\/a: Only/);
});

test('a good trace as expected trajectory passes itself, and not another one', async () => {
  const trace = aTrace({
    name: 'Booking',
    tool_calls: [aCall('search', { q: 'x' }), aCall('book', '{"id": 1}'), aCall('note', null)],
  });
  const definition = expectedTrajectory(trace);
  expect(checkDefinition(definition).problems).toEqual([]);
  expect((await gradeOf(definition, { item: {}, sample: {}, trace })).passed).toBe(true);
  expect(
    (
      await gradeOf(
        definition,
        ofTrace({ tool_calls: [aCall('search', { q: 'y' }), aCall('book', { id: 1 }), aCall('note')] }),
      )
    ).passed,
  ).toBe(false);
  const handed = aTrace({ edges: edgesOf('A > B') });
  expect(expectedTrajectory(handed)).toMatchObject({ type: 'handoff', expected: [{ from: 'A', to: 'B' }] });
  const answered = expectedTrajectory(aTrace({ output_text: 'Oslo' }));
  expect((await gradeOf(answered, answer('Oslo'))).passed).toBe(true);
});
