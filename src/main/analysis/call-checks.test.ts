import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { checkCall, type Definitions } from './call-checks.ts';
import { toolsIn, toolsOffered } from './tool-definitions.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const known: Definitions = {
  tools: toolsIn([{ type: 'function', function: { name: 'weather', parameters: schema } }]),
  spanId: 'g',
};

function verdict(name: string, args: Json, definitions = known): string {
  const { verdict: said, problems } = checkCall({ id: null, name, arguments: args }, null, definitions);
  return [said, ...problems.map(({ path, message }) => `${path.join('.')} ${message}`)].join(': ');
}

test('arguments as JSON, as JSON text, broken, and none', () => {
  expect(verdict('weather', { city: 'Oslo' })).toBe('valid');
  expect(verdict('weather', '{"city":"Oslo"}')).toBe('valid');
  expect(verdict('weather', '{"city":')).toBe('invalid:  are no valid JSON');
  expect(verdict('weather', null)).toBe('invalid: city is missing');
  expect(verdict('weather', { city: 3 })).toBe('invalid: city should be a string, and is the number 3');
});

test('no schema, and a tool that was not offered', () => {
  expect(verdict('other', {})).toBe('not_offered');
  expect(verdict('other', {}, { ...known, complete: false })).toBe('no_schema');
  expect(verdict('other', {}, { tools: [], spanId: null })).toBe('no_schema');
  expect(verdict('search', {}, { tools: toolsIn([{ type: 'web_search', name: 'search' }]), spanId: 'g' })).toBe(
    'no_schema',
  );
});

test.each<[string, Record<string, Json>]>([
  ['OpenTelemetry GenAI', { 'gen_ai.tool.definitions': [{ type: 'function', name: 't', parameters: schema }] }],
  ['as JSON text', { 'gen_ai.tool.definitions': JSON.stringify([{ name: 't', parameters: schema }]) }],
  ['OpenAI chat', { tools: [{ type: 'function', function: { name: 't', parameters: schema } }] }],
  ['Anthropic', { tools: [{ name: 't', input_schema: schema }] }],
  ['MCP', { tools: [{ name: 't', inputSchema: schema }] }],
  ['Gemini', { tools: [{ functionDeclarations: [{ name: 't', parameters: schema }] }] }],
  ['Bedrock', { tools: [{ toolSpec: { name: 't', inputSchema: { json: schema } } }] }],
  [
    'AI SDK',
    { 'ai.prompt.tools': [JSON.stringify({ type: 'function', name: 't', inputSchema: { jsonSchema: schema } })] },
  ],
  [
    'OpenInference',
    { 'llm.tools.0.tool.json_schema': JSON.stringify({ function: { name: 't', parameters: schema } }) },
  ],
  [
    'OpenLLMetry',
    { 'llm.request.functions.0.name': 't', 'llm.request.functions.0.parameters': JSON.stringify(schema) },
  ],
  ['Pydantic AI', { model_request_parameters: { function_tools: [{ name: 't', parameters_json_schema: schema }] } }],
  ['Inspect', { 'inspect.tools': [{ name: 't', parameters: schema }] }],
  [
    'request parameters',
    { 'llm.invocation_parameters': JSON.stringify({ tools: [{ name: 't', input_schema: schema }] }) },
  ],
])('tool definitions of %s', (_source, attributes) => {
  expect(toolsOffered(attributes)).toMatchObject([{ name: 't', schema }]);
});

test('odd definitions are left out', () => {
  expect(toolsIn([null, 1, 'text', [], {}, { name: '' }, '{broken'])).toEqual([]);
  expect(toolsOffered({ tools: ['search', 'book'] })).toEqual([]);
});
