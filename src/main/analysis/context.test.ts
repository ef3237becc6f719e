import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OfferedTool } from '#shared/context.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { findChanges, type GenerationSide } from './context-changes.ts';
import { shareContext, type ContextInput, type HeldItem } from './context-parts.ts';

let keys = 0;
function held(item: ContentItem, key = ++keys): HeldItem {
  return { key, size: JSON.stringify(item).length, item };
}

function say(role: string, text: string, ...more: MessagePart[]): HeldItem {
  return held({ kind: 'message', role, parts: [{ type: 'text', content: text }, ...more] });
}

function result(text: string): HeldItem {
  return held({ kind: 'message', role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: text }] });
}

const blank: ContextInput = { agent: 'A', input: [], tools: [], inputTokens: null, seen: null, retrieved: [] };
const search: OfferedTool = { name: 'search', description: 'Finds.', schema: { type: 'object' }, bytes: 400 };

function shares(context: Partial<ContextInput>): string[] {
  return shareContext({ ...blank, ...context }).parts.map(({ kind, tokens }) => `${kind} ${tokens}`);
}

test('each part of an input is told apart', () => {
  const picture: MessagePart = { type: 'blob', modality: 'image', mimeType: 'image/png', content: 'AAAA' };
  const input = [
    say('system', 's'.repeat(396)),
    say('user', 'u'.repeat(196)),
    say('assistant', 'a'.repeat(196)),
    result('r'.repeat(796)),
    say('user', 'n'.repeat(96), picture),
  ];
  expect(shares({ input, tools: [search] })).toEqual([
    'system 103',
    'tools 100',
    'history 106',
    'tool_output 203',
    'message 28',
    'media 1000',
  ]);
});

test('what the generation before was given is history and marked as repeated; the rest is new', () => {
  const [first, answer, second] = [
    say('user', 'one '.repeat(50)),
    say('assistant', 'yes '.repeat(50)),
    say('user', 'two'),
  ];
  const seen = new Set([first.key, answer.key]);
  const { parts } = shareContext({ ...blank, input: [first, answer, second], seen });
  expect(parts.map(({ kind, inputs, repeated, tokens }) => [kind, inputs, repeated === tokens])).toEqual([
    ['history', [0, 1], true],
    ['message', [2], false],
  ]);
});

test('retrieved documents are found inside other texts', () => {
  const document = 'The lighthouse of Lindau was built in 1856, by the port. '.repeat(4);
  const input = [say('user', `Answer from this:\n${document}\nWhen was it built?`), result(document)];
  const { parts } = shareContext({ ...blank, input, retrieved: [document] });
  expect(parts.map(({ kind, items }) => [kind, items])).toEqual([
    ['retrieved', 2],
    ['message', 1],
  ]);
});

test('parts sum exactly to what the source states, in proportion', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('system', 'user', 'assistant', 'tool'), fc.string({ maxLength: 400 })), {
        maxLength: 12,
      }),
      fc.integer({ min: 0, max: 3_000 }),
      (messages, inputTokens) => {
        const input = messages.map(([role, text]) => say(role, text));
        const { parts, total, stated } = shareContext({ ...blank, input, inputTokens });
        expect({ total, stated }).toEqual({ total: inputTokens, stated: true });
        expect(
          parts.every(({ tokens, repeated }) => Number.isInteger(tokens) && tokens >= 0 && repeated <= tokens),
        ).toBe(true);
        if (input.length > 0 || inputTokens > 0)
          expect(parts.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(inputTokens);
      },
    ),
  );
});

test('tokens far beyond what was recorded are not given to it', () => {
  expect(shares({ input: [say('user', 'u'.repeat(396))], inputTokens: 20_000 })).toEqual([
    'message 103',
    'unrecorded 19897',
  ]);
  expect(shares({ input: [say('user', 'u'.repeat(396))], inputTokens: 150 })).toEqual(['message 150']);
  expect(shareContext({ ...blank, inputTokens: 70 }).parts).toMatchObject([
    { kind: 'unrecorded', tokens: 70, estimated: false },
  ]);
});

function side(input: HeldItem[], output: HeldItem[] = [], change: Partial<GenerationSide> = {}): GenerationSide {
  return { model: 'm', input, output, attributes: {}, tools: [], ...change };
}

test('changes: kept, own answer and result added, one changed', () => {
  const system = say('system', 'You help with travel to Lindau.');
  const ask = say('user', 'Find me a room.');
  const date = say('user', 'It is Monday, the first of June, ten past nine in the morning.');
  const later = say('user', 'It is Monday, the first of June, a quarter past nine in the morning.');
  const answer = say('assistant', 'I will look.');
  // Recorded as output, the same answer has a reason to have stopped.
  const said = held({ ...(answer.item as ContentItem & { kind: 'message' }), finishReason: 'stop' });
  const changes = findChanges(side([system, ask, date], [said]), side([system, ask, later, answer, result('Room 7')]));
  expect(changes.inputs).toEqual([
    { type: 'same', at: 0, before: 0, count: 2 },
    { type: 'changed', at: 2, before: 2 },
    { type: 'added', at: 3, answer: true },
    { type: 'added', at: 4, answer: false },
  ]);
  expect(changes).toMatchObject({ kept: 2, added: 2, removed: 0, changed: 1, compacted: null, fresh: false });
});

test('changes: a compacted history is told as such', () => {
  const system = say('system', 'You help.');
  const old = Array.from({ length: 14 }, (_, index) =>
    say(index % 2 === 0 ? 'user' : 'assistant', `Topic ${index}: ${'x'.repeat(300)}`),
  );
  const summary = say('user', 'Summary of what was said: nothing that matters.');
  const { compacted, removed } = findChanges(side([system, ...old]), side([system, summary]));
  expect(removed).toBe(14);
  expect(compacted).toMatchObject({ removed: 14, added: 1 });
});

test('changes: a source that records only what is new for each call is not said to compact', () => {
  const before = side([result('a'.repeat(900)), result('b'.repeat(900))]);
  expect(findChanges(before, side([say('user', 'go on')]))).toMatchObject({ compacted: null, fresh: true });
});

test('changes: settings of the model and tools', () => {
  const before = side([], [], {
    model: 'small',
    attributes: { 'gen_ai.request.temperature': 0.2, 'llm.invocation_parameters': '{"seed":1,"tools":[]}', other: 1 },
    tools: [search, { ...search, name: 'book' }],
  });
  const after = side([], [], {
    model: 'large',
    attributes: { 'gen_ai.request.temperature': 0.2, 'gen_ai.request.top_p': 0.9, other: 2 },
    tools: [
      { ...search, description: 'Finds all.' },
      { ...search, name: 'pay' },
    ],
  });
  expect(findChanges(before, after)).toMatchObject({
    parameters: [
      { name: 'model', before: 'small', after: 'large' },
      { name: 'seed', before: 1 },
      { name: 'top_p', after: 0.9 },
    ],
    tools: { added: ['pay'], removed: ['book'], changed: ['search'] },
  });
});

test('changes of two long conversations are bounded', () => {
  const long = (offset: number): HeldItem[] =>
    Array.from({ length: 5_000 }, (_, index) => held({ kind: 'text', text: `m${index}` }, offset + index));
  const from = performance.now();
  findChanges(side(long(10_000)), side(long(30_000)));
  expect(performance.now() - from).toBeLessThan(2_000);
});
