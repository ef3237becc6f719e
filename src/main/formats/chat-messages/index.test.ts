import { expect, test } from 'vitest';
import { decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { chatMessages } from './index.ts';

test('each line is a conversation; calls are joined with results by id', () => {
  const { traces, spans, scores, issues } = decodeText(chatMessages, fixture('chat-messages/hand-lines/input.jsonl'));
  expect(issues).toEqual([]);
  expect(traces.map(({ name }) => name)).toEqual(['What is the weather in Paris?', 'Hi', 'Say something']);
  const first = spans.filter(({ traceId }) => traceId === traces[0]?.traceId);
  expect(first.map(({ kind, tool, agent }) => [kind, tool, agent])).toEqual([
    ['generation', null, 'assistant'],
    ['tool', 'get_weather', 'assistant'],
    ['tool', 'get_time', 'assistant'],
    ['generation', null, 'assistant'],
  ]);
  expect(first[1]).toMatchObject({
    toolCallId: 'call_a',
    input: [{ value: { city: 'Paris' } }],
    output: [{ text: '18 °C' }],
  });
  expect(first[0]?.input).toHaveLength(2);
  expect(first[3]?.input).toHaveLength(2);
  expect(first[0]).toMatchObject({ model: 'gpt-4o', usage: { input: 50, output: 20 } });
  // A prompt without an answer is no model call, and not lost.
  expect(spans.at(-1)).toMatchObject({ kind: 'custom', subtype: 'user' });
  expect(scores).toMatchObject([{ name: 'score', value: 0.5 }]);
});

test('a bare list, one message per line, and ShareGPT', () => {
  const messages = [
    { role: 'user', content: 'Q' },
    { role: 'assistant', content: 'A' },
  ];
  const bare = decodeText(chatMessages, JSON.stringify(messages));
  const lines = decodeText(chatMessages, messages.map((each) => JSON.stringify(each)).join('\n'));
  expect(bare.spans).toHaveLength(1);
  expect(lines.spans).toEqual(bare.spans);
  const turns = [
    { from: 'human', value: 'Q' },
    { from: 'gpt', value: 'A' },
  ];
  expect(decodeText(chatMessages, JSON.stringify({ conversations: turns })).spans[0]?.output).toEqual(
    bare.spans[0]?.output,
  );
});

test('the same call id in two turns is two calls', () => {
  const turn = [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"n":1}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: 'r' },
  ];
  const { spans } = decodeText(chatMessages, JSON.stringify([...turn, ...turn]));
  expect(spans.map(({ spanId, kind }) => `${spanId} ${kind}`)).toEqual([
    'm0 generation',
    'm1 tool',
    'm2 generation',
    'm3 tool',
  ]);
});

test('a long conversation is read in linear time and space', () => {
  const messages = Array.from({ length: 50_000 }, (_, index) => ({
    role: index % 2 ? 'assistant' : 'user',
    content: `${index}`,
  }));
  const { spans } = decodeText(chatMessages, JSON.stringify(messages));
  expect(spans).toHaveLength(25_000);
  expect(spans.reduce((sum, { input }) => sum + input.length, 0)).toBe(25_000);
});
