import { expect, test } from 'vitest';
import type { SpanRecord } from '#shared/record.ts';
import { attributesOf, encodeRequest, type Plain, requestOf } from '../../../../test/support/otlp.ts';
import { otlpTraces } from './index.ts';

function merge(span: Plain): SpanRecord {
  const result = otlpTraces.decode(encodeRequest(requestOf([span])), {
    name: null,
    contentType: null,
    userAgent: null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.records.find((record) => record.type === 'span')!;
}

function generation(attributes: Plain, events: readonly Plain[] = []): SpanRecord {
  return merge({ attributes: { 'gen_ai.operation.name': 'chat', ...attributes }, events });
}

function llm(attributes: Plain): SpanRecord {
  return merge({ attributes: { 'openinference.span.kind': 'LLM', ...attributes } });
}

function text(role: string, content: string): Plain {
  return { kind: 'message', role, parts: [{ type: 'text', content }] };
}

function event(name: string, attributes: Plain): Plain {
  return { name, timeUnixNano: '5', attributes: attributesOf(attributes) };
}

const HI = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }]);

test('system instructions come before the input, once', () => {
  const parts = JSON.stringify([{ type: 'text', content: 'Be brief.' }]);
  const span = generation({ 'gen_ai.system_instructions': parts, 'gen_ai.input.messages': HI });
  expect(span.input).toEqual([text('system', 'Be brief.'), text('user', 'hi')]);
  const both = JSON.stringify([
    { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
    { role: 'user', parts: [{ type: 'text', content: 'hi' }] },
  ]);
  expect(generation({ 'gen_ai.system_instructions': parts, 'gen_ai.input.messages': both }).input).toEqual([
    text('system', 'Be brief.'),
    text('user', 'hi'),
  ]);
  expect(generation({ 'gen_ai.system_instructions': 'Plain words.' }).input).toEqual([text('system', 'Plain words.')]);
});

test('structured messages need no JSON text', () => {
  const messages = [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }];
  expect(generation({ 'gen_ai.input.messages': messages }).input).toEqual([text('user', 'hi')]);
});

test('what holds no content stays an attribute', () => {
  const span = generation({ 'gen_ai.input.messages': '', 'gen_ai.output.messages': '[]' });
  expect(span).toMatchObject({ input: [], attributes: { 'gen_ai.input.messages': '' } });
});

test('content of a worse source stays an attribute', () => {
  const span = generation({ 'gen_ai.input.messages': HI, 'gen_ai.prompt': 'older' });
  expect(span.input).toEqual([text('user', 'hi')]);
  expect(span.attributes['gen_ai.prompt']).toBe('older');
  expect(Object.hasOwn(span.attributes, 'gen_ai.input.messages')).toBe(false);
  expect(generation({ 'gen_ai.prompt': 'older', 'gen_ai.completion': 'answer' })).toMatchObject({
    input: [text('user', 'older')],
    output: [text('assistant', 'answer')],
  });
});

test('message events in their order; the events stay without what was taken', () => {
  const span = generation({}, [
    event('gen_ai.system.message', { content: 'Be brief.' }),
    event('gen_ai.user.message', { content: 'Weather?', extra: 'kept' }),
    event('gen_ai.assistant.message', {
      tool_calls: '[{"id":"c1","type":"function","function":{"name":"w","arguments":"{\\"city\\":\\"Paris\\"}"}}]',
    }),
    event('gen_ai.tool.message', { content: '21', id: 'c1' }),
    event('unrelated', { content: 'x' }),
    event('gen_ai.choice', { index: 0, finish_reason: 'stop', message: '{"role":"assistant","content":"Sunny"}' }),
  ]);
  expect(span.input).toEqual([
    text('system', 'Be brief.'),
    text('user', 'Weather?'),
    {
      kind: 'message',
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'w', arguments: { city: 'Paris' } }],
    },
    { kind: 'message', role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '21' }] },
  ]);
  expect(span.output).toEqual([{ ...text('assistant', 'Sunny'), finishReason: 'stop' }]);
  expect(span.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['gen_ai.system.message', {}],
    ['gen_ai.user.message', { extra: 'kept' }],
    ['gen_ai.assistant.message', {}],
    ['gen_ai.tool.message', {}],
    ['unrelated', { content: 'x' }],
    ['gen_ai.choice', { index: 0, finish_reason: 'stop' }],
  ]);
  expect(span.events[0]!.time).toBe('5');
});

test('events with one JSON body, events of 1.26, and details events', () => {
  expect(
    generation({}, [event('gen_ai.user.message', { 'gen_ai.event.content': '{"role":"user","content":"hi"}' })]).input,
  ).toEqual([text('user', 'hi')]);
  const old = generation({}, [
    event('gen_ai.content.prompt', { 'gen_ai.prompt': '[{"role":"user","content":"hi"}]' }),
    event('gen_ai.content.completion', { 'gen_ai.completion': '[{"role":"assistant","content":"yo"}]' }),
  ]);
  expect([old.input, old.output]).toEqual([[text('user', 'hi')], [text('assistant', 'yo')]]);
  const details = generation({}, [
    event('gen_ai.client.inference.operation.details', { 'gen_ai.input.messages': HI, 'gen_ai.request.model': 'm' }),
  ]);
  expect(details.input).toEqual([text('user', 'hi')]);
  expect(details.events[0]!.attributes).toEqual({ 'gen_ai.request.model': 'm' });
});

test('the events of a tool span are its arguments and result', () => {
  const span = merge({
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'w' },
    events: [
      event('gen_ai.tool.message', { role: 'tool', content: '{"city":"Paris"}', id: 'c1' }),
      event('gen_ai.choice', { message: '[{"text":"21"}]', id: 'c1' }),
    ],
  });
  expect([span.input, span.output]).toEqual([
    [{ kind: 'json', value: { city: 'Paris' } }],
    [{ kind: 'json', value: [{ text: '21' }] }],
  ]);
});

test('flattened lists of both conventions, in numeric order', () => {
  const prompts = generation({
    'gen_ai.prompt.10.role': 'user',
    'gen_ai.prompt.10.content': 'last',
    'gen_ai.prompt.2.role': 'assistant',
    'gen_ai.prompt.2.tool_calls.0.id': 'c1',
    'gen_ai.prompt.2.tool_calls.0.name': 'w',
    'gen_ai.prompt.2.tool_calls.0.arguments': '{"a":1}',
    'gen_ai.prompt.0.role': 'system',
    'gen_ai.prompt.0.content': 'first',
    'gen_ai.completion.0.content': 'answer',
    'gen_ai.completion.0.finish_reason': 'stop',
    'gen_ai.prompt.x.role': 'stays',
  });
  expect(prompts.input).toEqual([
    text('system', 'first'),
    {
      kind: 'message',
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'w', arguments: { a: 1 } }],
    },
    text('user', 'last'),
  ]);
  expect(prompts.output).toEqual([{ ...text('assistant', 'answer'), finishReason: 'stop' }]);
  expect(Object.keys(prompts.attributes)).toEqual(['gen_ai.prompt.x.role', 'gen_ai.operation.name'].reverse());
});

test('openinference messages: parts, images, tool calls, unknown fields', () => {
  const at = 'llm.input_messages.';
  const span = llm({
    [`${at}1.message.role`]: 'tool',
    [`${at}1.message.tool_call_id`]: 'c1',
    [`${at}1.message.content`]: '21',
    [`${at}0.message.role`]: 'user',
    [`${at}0.message.contents.1.message_content.type`]: 'image',
    [`${at}0.message.contents.1.message_content.image.image.url`]: 'data:image/png;base64,AAAA',
    [`${at}0.message.contents.0.message_content.type`]: 'text',
    [`${at}0.message.contents.0.message_content.text`]: 'What is this?',
    [`${at}0.message.novelty`]: 'kept',
    [`${at}99999999999.message.role`]: 'kept too',
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.function_call_name': 'old_style',
    'llm.output_messages.0.message.function_call_arguments_json': '{"a":1}',
  });
  expect(span.input).toMatchObject([
    {
      role: 'user',
      parts: [
        { type: 'text', content: 'What is this?' },
        { type: 'blob', mimeType: 'image/png' },
      ],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '21' }] },
  ]);
  expect(span.output).toMatchObject([{ parts: [{ type: 'tool_call', name: 'old_style', arguments: { a: 1 } }] }]);
  expect(Object.keys(span.attributes)).toEqual([
    'openinference.span.kind',
    `${at}0.message.novelty`,
    `${at}99999999999.message.role`,
  ]);
});

test('retrieved and reranked documents, prompts and choices', () => {
  const retrieval = merge({
    attributes: {
      'openinference.span.kind': 'RETRIEVER',
      'input.value': 'question',
      'retrieval.documents.1.document.content': 'b',
      'retrieval.documents.0.document.content': 'a',
      'retrieval.documents.0.document.score': 0.5,
    },
  });
  expect(retrieval.input).toEqual([{ kind: 'text', text: 'question' }]);
  expect(retrieval.output).toEqual([{ kind: 'json', value: [{ content: 'a', score: 0.5 }, { content: 'b' }] }]);
  const completion = llm({ 'llm.prompts.0': 'Once upon', 'llm.choices.0.completion.text': 'a time' });
  expect([completion.input, completion.output]).toEqual([[text('user', 'Once upon')], [text('assistant', 'a time')]]);
});

test('the raw copy of messages goes when it says nothing else', () => {
  const messages = {
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.content': 'hi',
  };
  const raw = { model: 'm', temperature: 0.2, messages: [{ role: 'user', content: 'hi' }] };
  expect(llm({ ...messages, 'input.value': JSON.stringify(raw) }).attributes['input.value']).toEqual({
    model: 'm',
    temperature: 0.2,
  });
  expect(llm({ ...messages, 'input.value': 'hi' }).attributes).toEqual({ 'openinference.span.kind': 'LLM' });
  // One message more, one message other, one call other: the copy stays whole.
  for (const other of [
    { messages: [...raw.messages, { role: 'user', content: 'more' }] },
    { messages: [{ role: 'user', content: 'hi!' }] },
    { messages: [...raw.messages, ...raw.messages] },
  ]) {
    const value = JSON.stringify(other);
    expect(llm({ ...messages, 'input.value': value }).attributes['input.value']).toBe(value);
  }
  expect(llm({ ...messages, 'input.value': '{"unrelated":1}' }).attributes['input.value']).toBe('{"unrelated":1}');
});

test('a raw copy gives the messages the names and ids that they lack', () => {
  const call = { id: 'c9', type: 'function', function: { name: 'w', arguments: '{}' } };
  const span = llm({
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'w',
    'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{}',
    'output.value': JSON.stringify({
      choices: [{ finish_reason: 'tool_calls', message: { role: 'assistant', content: null, tool_calls: [call] } }],
    }),
  });
  expect(span.output).toMatchObject([{ parts: [{ type: 'tool_call', id: 'c9' }], finishReason: 'tool_calls' }]);
  expect(span.attributes['output.value']).toBeUndefined();
});

test('tool arguments are values even when they look like messages', () => {
  const value = '{"role":"user","content":"hi"}';
  const tool = merge({ attributes: { 'openinference.span.kind': 'TOOL', 'input.value': value } });
  expect(tool.input).toEqual([{ kind: 'json', value: { role: 'user', content: 'hi' } }]);
  expect(merge({ attributes: { 'openinference.span.kind': 'AGENT', 'input.value': value } }).input).toEqual([
    text('user', 'hi'),
  ]);
});

test('tool.parameters are arguments unless they are a schema', () => {
  const tool = { 'openinference.span.kind': 'TOOL', 'input.value': 'raw' };
  const schema = '{"type":"object","properties":{"city":{"type":"string"}}}';
  const given = merge({ attributes: { ...tool, 'tool.parameters': '{"city":"Paris"}' } });
  expect(given.input).toEqual([{ kind: 'json', value: { city: 'Paris' } }]);
  const declared = merge({ attributes: { ...tool, 'tool.parameters': schema } });
  expect(declared.input).toEqual([{ kind: 'text', text: 'raw' }]);
  expect(declared.attributes['tool.parameters']).toBe(schema);
});

test('python results and plain words of tools', () => {
  const output = (value: string): unknown =>
    merge({ attributes: { 'openinference.span.kind': 'TOOL', 'output.value': value } }).output;
  expect(output("{'ok': True, 'n': None}")).toEqual([{ kind: 'json', value: { ok: true, n: null } }]);
  expect(output('42')).toEqual([{ kind: 'text', text: '42' }]);
  expect(output('all good')).toEqual([{ kind: 'text', text: 'all good' }]);
});

test('thousands of list entries cost no more than their number', () => {
  const attributes: Record<string, unknown> = { 'openinference.span.kind': 'LLM' };
  // As many as the decoder keeps of one span.
  for (let at = 0; at < 4_999; at++) {
    attributes[`llm.input_messages.${at}.message.role`] = 'user';
    attributes[`llm.input_messages.${at}.message.content`] = `m${at}`;
  }
  const started = process.cpuUsage();
  const span = merge({ attributes });
  const { user } = process.cpuUsage(started);
  expect(span.input.length).toBe(4_999);
  expect(span.input[4_998]).toEqual(text('user', 'm4998'));
  // Quadratic work on 10,000 attributes takes tens of seconds.
  expect(user).toBeLessThan(2_000_000);
});
