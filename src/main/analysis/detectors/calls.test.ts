import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import {
  answer,
  ask,
  findings,
  found,
  inAgent,
  json,
  say,
  text,
  type CaseSpan,
} from '../../../../test/support/detector-case.ts';

type Given = Partial<CaseSpan> & { readonly spanId: string };

const tool = (spanId: string, name: string, args: Json, result: string, given: Partial<CaseSpan> = {}): Given => ({
  spanId,
  kind: 'tool',
  name,
  tool: name,
  input: [json(args)],
  output: [text(result)],
  ...given,
});
const failing = (spanId: string, name: string, args: Json, error = 'timeout'): Given =>
  tool(spanId, name, args, '', { status: 'error', error, output: [] });
const turn = (spanId: string, given: Partial<CaseSpan> = {}): Given => ({ spanId, kind: 'generation', ...given });

test('repeated-call: the same arguments in any order of keys, the same result', () => {
  const spans = inAgent('A', [
    tool('t1', 'search', { q: 'tides', n: 1 }, 'page one'),
    tool('t2', 'search', { n: 1, q: 'tides' }, 'page one'),
  ]);
  expect(found('repeated-call', spans)).toEqual(['medium A t2 t1']);
});

test('repeated-call: not for other arguments, other results, failures before, or no arguments', () => {
  const spans = inAgent('A', [
    tool('t1', 'search', { q: 'tides' }, 'page one'),
    tool('t2', 'search', { q: 'moon' }, 'page one'),
    tool('t3', 'status', { id: 'job' }, 'waiting'),
    tool('t4', 'status', { id: 'job' }, 'done'),
    failing('t5', 'fetch', { url: 'x' }),
    tool('t6', 'fetch', { url: 'x' }, 'a page'),
    tool('t7', 'now', {}, '12:00'),
    tool('t8', 'now', {}, '12:00'),
  ]);
  expect(found('repeated-call', spans)).toEqual([]);
});

test('retry-storm: failures in a row, worse when it never worked', () => {
  const three = [1, 2, 3].map((k) => failing(`f${k}`, 'fetch', { url: 'x' }));
  expect(found('retry-storm', inAgent('A', three))).toEqual(['high A f1 f2 f3']);
  const recovered = [...three, tool('ok', 'fetch', { url: 'x' }, 'a page')];
  expect(found('retry-storm', inAgent('A', recovered))).toEqual(['medium A f1 f2 f3']);
});

test('retry-storm: not for two failures, nor for three with a success between', () => {
  expect(
    found(
      'retry-storm',
      inAgent('A', [
        failing('f1', 'fetch', { url: 'x' }),
        failing('f2', 'fetch', { url: 'x' }),
        tool('ok', 'fetch', { url: 'y' }, 'a page'),
        failing('f3', 'fetch', { url: 'x' }),
      ]),
    ),
  ).toEqual([]);
});

test('ignored-error: the next words take no notice', () => {
  const spans = inAgent('A', [
    failing('t', 'price', { item: 'x' }),
    turn('g', { output: [say('assistant', 'The price of the item is 12 euros.')] }),
  ]);
  expect(found('ignored-error', spans)).toEqual(['high A g t']);
  const quiet = inAgent('A', [
    tool('t', 'price', { item: 'x' }, 'Error: backend offline'),
    turn('g', { output: [say('assistant', 'The price of the item is 12 euros.')] }),
  ]);
  expect(found('ignored-error', quiet)).toEqual(['high A g t']);
});

test('ignored-error: not when the agent says so, tries again, or says nothing', () => {
  const after = (given: readonly Given[]): string[] =>
    found('ignored-error', inAgent('A', [failing('t', 'price', { item: 'x' }), ...given]));
  expect(after([turn('g', { output: [say('assistant', 'I could not look up the price.')] })])).toEqual([]);
  expect(after([turn('g', { output: [say('assistant', "The shop doesn't allow that for pending orders.")] })])).toEqual(
    [],
  );
  expect(
    after([turn('g', { output: [say('assistant', 'One moment.')] }), tool('t2', 'price', { item: 'x' }, '12')]),
  ).toEqual([]);
  expect(after([turn('g', { output: [ask({ name: 'other', arguments: {} })] })])).toEqual([]);
  expect(after([])).toEqual([]);
});

test('unread-result: a short result to which the source adds something was given', () => {
  const result = '[File: /work/reproduce.py (1 lines total)] 1:';
  const spans = (given: string) =>
    inAgent('A', [
      turn('g1', { input: [say('user', 'Reproduce it.')] }),
      tool('t0', 'list', {}, 'a list of files that is given', { callId: 'c0' }),
      tool('t1', 'create', { path: 'reproduce.py' }, result),
      turn('g2', { input: [answer('c0', 'a list of files that is given'), say('user', given)] }),
    ]);
  expect(found('unread-result', spans(`${result} (Open file: /work/reproduce.py) (Current directory: /work)`))).toEqual(
    [],
  );
  expect(found('unread-result', spans('Something else stands here, and is long enough to be one.'))).toEqual([
    'medium A t1 g2',
  ]);
});

test('unread-result: the later model call was given something else', () => {
  const history = [say('user', 'How warm is it?')];
  const known = tool('t0', 'place', { of: 'user' }, 'The user is in Hamburg, Germany.', { callId: 'c0' });
  const seen = [...history, answer('c0', 'The user is in Hamburg, Germany.')];
  const lost = inAgent('A', [
    turn('g0', { input: history }),
    known,
    turn('g1', { input: seen }),
    tool('t1', 'weather', { at: 'Hamburg' }, 'It is 31 degrees and sunny there.', { callId: 'c1' }),
    turn('g2', { input: seen }),
  ]);
  expect(found('unread-result', lost)).toEqual(['medium A t1 g2']);
  const given = lost.map((span) =>
    span.spanId === 'g2' ? { ...span, input: [...seen, answer('c1', 'It is 31 degrees and sunny there.')] } : span,
  );
  expect(found('unread-result', given)).toEqual([]);
  // Without recorded inputs nothing is known.
  expect(
    found(
      'unread-result',
      lost.map((span) => ({ ...span, input: [] })),
    ),
  ).toEqual([]);
});

const TOOLS: Json = [
  {
    type: 'function',
    function: {
      name: 'book',
      parameters: {
        type: 'object',
        properties: { seats: { type: 'integer' }, class: { enum: ['economy', 'business'] } },
        required: ['seats'],
        additionalProperties: false,
      },
    },
  },
];

test.each([
  ['a missing field', { class: 'economy' }, '"seats" is missing'],
  ['a wrong type', { seats: 'two' }, '"seats" should be an integer, and is the string "two"'],
  [
    'a value that is not listed',
    { seats: 1, class: 'first' },
    '"class" is "first", and should be one of "economy", "business"',
  ],
  ['an unknown field', { seats: 1, meal: 'vegan' }, '"meal" is not known'],
])('invalid-call: %s', (_what, args, reason) => {
  const spans = inAgent('A', [turn('g'), tool('t', 'book', args, 'booked')]);
  expect(found('invalid-call', spans, { tools: [TOOLS] })).toEqual(['medium A t g']);
  expect(findings(spans, { tools: [TOOLS] })[0]?.reason).toContain(reason);
});

test('invalid-call: broken JSON, and tools that say so themselves', () => {
  const cut = tool('t', 'book', null, 'ok', { input: [text('{"seats": 1')] });
  expect(found('invalid-call', inAgent('A', [cut]))).toEqual(['medium A t']);
  const refused = failing('t', 'book', { seats: 1 }, "book() got an unexpected keyword argument 'seats'");
  expect(found('invalid-call', inAgent('A', [refused]))).toEqual(['high A t']);
});

test('invalid-call: a tool that was not found, but not a tool that did not find something', () => {
  const says = (error: string): string[] =>
    found('invalid-call', inAgent('A', [failing('t', 'book', { seats: 1 }, error)]));
  expect(says('Tool "boook" not found')).toEqual(['high A t']);
  expect(says('Tool execution failed with error: Command not found')).toEqual([]);
});

test('invalid-call: not for what fits one of the schemas, is combined, or failed for another reason', () => {
  const fits = tool('t', 'book', { seats: 2, class: 'business' }, 'booked');
  expect(found('invalid-call', inAgent('A', [fits]), { tools: [TOOLS] })).toEqual([]);
  const loose: Json = [{ name: 'book', parameters: { anyOf: [{ type: 'string' }, { type: 'object' }] } }];
  expect(found('invalid-call', inAgent('A', [tool('t', 'book', { any: 1 }, 'ok')]), { tools: [TOOLS, loose] })).toEqual(
    [],
  );
  expect(found('invalid-call', inAgent('A', [failing('t', 'book', { seats: 2 }, 'timeout')]))).toEqual([]);
});

test('unfounded-argument: an identifier from nowhere, worse when a source says otherwise', () => {
  const asked = turn('g', { input: [say('user', 'Cancel my order W4821, please.')] });
  expect(found('unfounded-argument', inAgent('A', [asked, tool('t', 'cancel', { id: '#W99312' }, 'done')]))).toEqual([
    'medium A t g',
  ]);
  const looked = tool('t1', 'orders', { user: 'me' }, '{"order_id": "#W48211", "total": 12}');
  const wrong = tool('t2', 'cancel', { order_id: '#W99312' }, 'done');
  expect(found('unfounded-argument', inAgent('A', [asked, looked, wrong]))).toEqual(['high A t2 g']);
});

test('unfounded-argument: not for what a source says, dates, free text, or runs without sources', () => {
  const asked = turn('g', { input: [say('user', 'Cancel order W48211 of ann@example.com.')] });
  const good: Json = { order: '#W48211', mail: 'ann@example.com', on: '2026-03-01', why: 'changed my mind 2x', n: 3 };
  expect(found('unfounded-argument', inAgent('A', [asked, tool('t', 'cancel', good, 'done')]))).toEqual([]);
  expect(found('unfounded-argument', inAgent('A', [tool('t', 'cancel', { id: '#W99312' }, 'done')]))).toEqual([]);
});

test('unfounded-argument: what a model said is no source', () => {
  const invented = say('assistant', 'I will cancel order W99312.');
  const spans = inAgent('A', [
    turn('g1', { input: [say('user', 'Cancel order W48211.')], output: [invented] }),
    turn('g2', { input: [say('user', 'Cancel order W48211.'), invented] }),
    tool('t', 'cancel', { id: 'W99312' }, 'done'),
  ]);
  expect(found('unfounded-argument', spans)).toEqual(['medium A t g2']);
});
