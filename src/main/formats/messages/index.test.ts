import { expect, test } from 'vitest';
import { readContent } from './index.ts';

const call = { type: 'tool_call', id: 'c1', name: 'add', arguments: { a: 1 } } as const;
const callMessage = { kind: 'message', role: 'assistant', parts: [call] } as const;
const response = { type: 'tool_call_response', id: 'c1', response: '3' } as const;
const responseMessage = { kind: 'message', role: 'tool', parts: [response] } as const;
const hello = (role: string) => ({ kind: 'message', role, parts: [{ type: 'text', content: 'hi' }] }) as const;

const PNG = 'iVBORw0KGgo=';
const pngBlob = { type: 'blob', modality: 'image', mimeType: 'image/png', content: PNG } as const;

/** Each row: the same call, the same result and the same words as one dialect writes them. */
test.each([
  [
    'chat',
    {
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
    },
  ],
  [
    'responses',
    { id: 'fc_9', type: 'function_call', status: 'completed', name: 'add', arguments: '{"a":1}', call_id: 'c1' },
  ],
  [
    'agents-js',
    {
      type: 'function_call',
      id: 'fc_9',
      callId: 'c1',
      name: 'add',
      arguments: '{"a":1}',
      status: 'completed',
      providerData: { id: 'fc_9' },
    },
  ],
  ['otel', { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'add', arguments: { a: 1 } }] }],
  ['anthropic', { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'add', input: { a: 1 } }] }],
  ['gemini', { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'add', args: { a: 1 } } }] }],
  ['gemini snake', { role: 'model', parts: [{ function_call: { id: 'c1', name: 'add', args: { a: 1 } } }] }],
  [
    'ai-sdk 4',
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'add', args: { a: 1 } }] },
  ],
  [
    'ai-sdk 5',
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: '{"a":1}' }] },
  ],
  [
    'ai-sdk toolCalls',
    [{ toolCallType: 'function', toolCallId: 'c1', toolName: 'add', args: '{"a":1}', type: undefined }],
  ],
  [
    'langchain',
    {
      lc: 1,
      type: 'constructor',
      id: ['langchain_core', 'messages', 'AIMessage'],
      kwargs: { content: '', tool_calls: [{ name: 'add', args: { a: 1 }, id: 'c1', type: 'tool_call' }] },
    },
  ],
  [
    'langchain with blocks',
    {
      type: 'ai',
      content: [{ type: 'tool_use', id: 'c1', name: 'add', input: '' }],
      tool_calls: [{ name: 'add', args: { a: 1 }, id: 'c1' }],
    },
  ],
  [
    'langchain kwargs',
    {
      type: 'ai',
      data: {
        content: '',
        additional_kwargs: {
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
        },
      },
    },
  ],
])('a tool call reads the same from %s', (_, value) => {
  expect(readContent(value)).toEqual([callMessage]);
  expect(readContent(JSON.stringify([value].flat()))).toEqual([callMessage]);
});

test.each([
  ['chat', { role: 'tool', tool_call_id: 'c1', content: '3' }],
  ['chat parts', { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: '3' }] }],
  ['responses', { type: 'function_call_output', call_id: 'c1', output: '3', id: 'x', status: 'completed' }],
  [
    'agents-js',
    {
      type: 'function_call_result',
      name: 'add',
      callId: 'c1',
      status: 'completed',
      output: { type: 'text', text: '3' },
    },
  ],
  ['otel', { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '3' }] }],
  [
    'anthropic',
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: '3' }] }] },
  ],
  [
    'langchain',
    {
      lc: 1,
      type: 'constructor',
      id: ['langchain_core', 'messages', 'ToolMessage'],
      kwargs: { content: '3', tool_call_id: 'c1' },
    },
  ],
])('a tool result reads the same from %s', (_, value) => {
  expect(readContent(value)).toEqual([responseMessage]);
});

test.each([
  [
    'ai-sdk',
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'add', output: { type: 'text', value: '3' } }],
    },
  ],
  ['gemini', { role: 'function', parts: [{ functionResponse: { id: 'c1', name: 'add', response: '3' } }] }],
])('a tool result keeps the name that %s gives', (_, value) => {
  expect(readContent(value)).toEqual([{ ...responseMessage, parts: [{ ...response, name: 'add' }] }]);
});

test.each([
  ['chat', { role: 'user', content: 'hi' }],
  ['chat parts', { role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  ['responses', { type: 'message', id: 'msg_1', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
  ['otel', { role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
  ['gemini', { role: 'user', parts: [{ text: 'hi' }] }],
  ['langchain', { type: 'human', content: 'hi', id: 'run-7' }],
])('plain words read the same from %s', (_, value) => {
  expect(readContent(value)).toEqual([hello('user')]);
});

test.each([
  ['chat', { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }],
  ['responses', { type: 'input_image', image_url: `data:image/png;base64,${PNG}` }],
  ['agents-js', { type: 'input_image', image: `data:image/png;base64,${PNG}` }],
  ['anthropic', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
  ['ai-sdk', { type: 'image', image: PNG, mediaType: 'image/png' }],
  ['ai-sdk file', { type: 'file', data: PNG, mediaType: 'image/png' }],
  ['otel', { type: 'blob', modality: 'image', mime_type: 'image/png', content: PNG }],
])('an image reads the same from %s', (_, part) => {
  expect(readContent({ role: 'user', content: [part] })).toEqual([{ kind: 'message', role: 'user', parts: [pngBlob] }]);
});

test.each([
  ['chat', { role: 'assistant', content: null, reasoning_content: 'hm' }],
  ['responses', { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] }],
  ['agents-js', { type: 'reasoning', content: [], rawContent: [{ type: 'reasoning_text', text: 'hm' }] }],
  ['anthropic', { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: 'x' }] }],
  ['gemini', { role: 'model', parts: [{ text: 'hm', thought: true }] }],
  ['ai-sdk', { role: 'assistant', content: [{ type: 'reasoning', text: 'hm' }] }],
  ['otel', { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }] }],
])('reasoning reads the same from %s', (_, value) => {
  expect(readContent(value)).toEqual([
    { kind: 'message', role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }] },
  ]);
});

test('envelopes give their messages, with the reason to stop', () => {
  const answer = [{ ...hello('assistant'), finishReason: 'stop' }];
  expect(
    readContent({
      object: 'chat.completion',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
    }),
  ).toEqual(answer);
  expect(
    readContent({ candidates: [{ finishReason: 'stop', content: { role: 'model', parts: [{ text: 'hi' }] } }] }),
  ).toEqual(answer);
  expect(
    readContent({ type: 'message', role: 'assistant', stop_reason: 'stop', content: [{ type: 'text', text: 'hi' }] }),
  ).toEqual(answer);
  expect(
    readContent({
      generations: [
        [{ text: 'hi', message: { type: 'ai', content: 'hi', response_metadata: { finish_reason: 'stop' } } }],
      ],
    }),
  ).toEqual(answer);
  const output = [{ id: 'm', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] }];
  expect(readContent({ object: 'response', id: 'resp_1', output })).toEqual([hello('assistant')]);
});

test('requests give their messages, then the rest', () => {
  const messages = [{ role: 'user', content: 'hi' }];
  expect(readContent({ model: 'm', messages })).toEqual([hello('user'), { kind: 'json', value: { model: 'm' } }]);
  expect(readContent({ messages: [messages] })).toEqual([hello('user')]);
  expect(readContent({ system: 'hi', prompt: 'hi' })).toEqual([hello('system'), hello('user')]);
  expect(readContent({ model: 'm', input: 'hi', instructions: 'hi' })).toEqual([
    hello('system'),
    hello('user'),
    { kind: 'json', value: { model: 'm' } },
  ]);
  expect(
    readContent({
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
      systemInstruction: { parts: [{ text: 'hi' }] },
    }),
  ).toEqual([hello('system'), hello('user')]);
});

test('a graph command gives its messages, then where it goes', () => {
  const update = { messages: [{ type: 'human', content: 'hi' }], done: true };
  expect(readContent({ lg_name: 'Command', update, goto: ['writer'] })).toEqual([
    hello('user'),
    { kind: 'json', value: { lg_name: 'Command', update: { done: true }, goto: ['writer'] } },
  ]);
  const value = { lg_name: 'Command', goto: ['writer'] };
  expect(readContent(value)).toEqual([{ kind: 'json', value }]);
});

test('calls that the provider ran hold their result', () => {
  const item = {
    type: 'mcp_call',
    id: 'mcp_1',
    name: 'find',
    server_label: 's',
    arguments: '{"q":1}',
    output: 'ok',
    error: null,
  };
  expect(readContent([item])).toEqual([
    {
      kind: 'message',
      role: 'assistant',
      parts: [
        { type: 'tool_call', id: 'mcp_1', name: 'find', arguments: { q: 1 } },
        { type: 'tool_call_response', id: 'mcp_1', name: 'find', response: 'ok' },
      ],
    },
  ]);
});

test('what is not a message stays whole', () => {
  expect(readContent({ city: 'Oslo', role: 'capital', content: 'x' })).toEqual([
    { kind: 'json', value: { city: 'Oslo', role: 'capital', content: 'x' } },
  ]);
  expect(readContent([{ type: 'text', text: 'a result' }])).toEqual([
    { kind: 'json', value: [{ type: 'text', text: 'a result' }] },
  ]);
  expect(readContent([1, 'x', null])).toEqual([{ kind: 'json', value: [1, 'x', null] }]);
  expect(readContent([{ role: 'user', content: 'hi' }, 7])).toEqual([hello('user'), { kind: 'json', value: 7 }]);
  expect(readContent({ role: 'user', content: [{ type: 'new_part', x: 1 }] })).toEqual([
    { kind: 'message', role: 'user', parts: [{ type: 'other', value: { type: 'new_part', x: 1 } }] },
  ]);
});

test('text takes the role of the caller', () => {
  expect(readContent('hi', { role: 'system' })).toEqual([hello('system')]);
  expect(readContent('hi')).toEqual([{ kind: 'text', text: 'hi' }]);
  expect(readContent('{"a":1}', { role: 'assistant' })).toEqual([
    { kind: 'message', role: 'assistant', parts: [{ type: 'text', content: '{"a":1}' }] },
  ]);
  expect(readContent('{"a":1}')).toEqual([{ kind: 'json', value: { a: 1 } }]);
  expect(readContent([{ type: 'text', content: 'hi' }], { role: 'system' })).toEqual([hello('system')]);
  expect(readContent(JSON.stringify(JSON.stringify([{ role: 'user', content: 'hi' }])))).toEqual([hello('user')]);
  expect(readContent('')).toEqual([]);
  expect(readContent(null)).toEqual([]);
});

test('repeats of an item are equal as text, whatever ids and states they come with', () => {
  const first = {
    type: 'message',
    id: 'msg_1',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'hi', annotations: [] }],
  };
  const again = { role: 'assistant', content: [{ text: 'hi', type: 'output_text' }], type: 'message' };
  expect(JSON.stringify(readContent(again))).toBe(JSON.stringify(readContent(first)));
});

test('hostile names are only names', () => {
  const value = JSON.parse(
    '{"role":"user","content":[{"type":"__proto__"},{"type":"constructor"}],"__proto__":{"x":1}}',
  ) as unknown;
  expect(JSON.stringify(readContent(value))).toBe(
    '[{"kind":"message","role":"user","parts":[{"type":"other","value":{"type":"__proto__"}},{"type":"other","value":{"type":"constructor"}}]}]',
  );
  const wrapped = JSON.parse('{"messages":[{"role":"user","content":"hi"}],"__proto__":{"polluted":1}}') as unknown;
  expect(JSON.stringify(readContent(wrapped)[1])).toBe('{"kind":"json","value":{"__proto__":{"polluted":1}}}');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('deep and nested input ends', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(readContent(deep)).toEqual([{ kind: 'text', text: deep }]);
  let nested: unknown = { role: 'user', content: 'hi' };
  for (let i = 0; i < 150; i++) nested = { messages: [nested] };
  expect(readContent(nested)).toHaveLength(1);
});
