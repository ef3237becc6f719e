/** Every source of every dialect must bear any value: attributes come from strangers. */
import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { createMerger } from '../merge.ts';
import { NONE_DROPPED, type OtlpSpan } from '../span.ts';
import { compile } from '../table.ts';
import { DIALECTS } from './registry.ts';

const VALUES: readonly Json[] = [
  null,
  '',
  ' ',
  'null',
  '"',
  '""',
  '{',
  '[[[[',
  '{}',
  '[]',
  '[null,7,"x",{}]',
  '{"__proto__":{"kind":"agent"},"constructor":null}',
  '{"args":[],"kwargs":{}}',
  '{"contents":[7],"config":{"system_instruction":7},"content":{"parts":[{}]},"usage_metadata":[]}',
  '{"status":"error","response":{"error":{"message":{}}}}',
  '"{\\"input\\":1}"',
  '[{"event.name":"gen_ai.choice"},{"role":7},{"toolUse":{}},{"toolResult":{"content":7}},{"reasoningContent":{}}]',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  'x'.repeat(100_000),
  -1,
  0.5,
  true,
  [],
  [null, {}, [[]], 'x'],
  {},
  { input: -1, output: 'many', total: {}, args: 7 },
];

const SCOPES = [
  'ai',
  'gen_ai',
  'langfuse-sdk',
  'langsmith',
  '@traceloop/node-server-sdk',
  'com.anthropic.claude_code.tracing',
  'codex_exec',
  'gemini-cli',
  'mlflow',
  'pydantic-ai',
  'gcp.vertex.agent',
  'agent_framework',
  'autogen-core',
  'Microsoft.SemanticKernel',
  'openinference.instrumentation.crewai',
  'openinference.instrumentation.smolagents',
  'strands.telemetry.tracer',
];

const KEYS = [
  ...new Set(
    DIALECTS.flatMap(({ facts = [], content = [], lists = [], tells }) => [
      ...tells,
      ...facts.map(({ key }) => key),
      ...content.map(({ key }) => key),
      ...lists.flatMap(({ prefix }) => [`${prefix}0.role`, `${prefix}text`, `${prefix}toolCalls`]),
    ]),
  ),
  'logfire.pending_parent_id',
];

const OPERATIONS = ['chat', 'execute_tool', 'invoke_agent', 'tool_call', 'llm_call'];

function spanWith(attributes: Record<string, Json>, scope: string, name: string): OtlpSpan {
  const resource = { attributes: {}, schemaUrl: '' };
  return {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    parentId: null,
    name,
    otelKind: 1,
    start: 1n,
    end: 2n,
    attributes,
    events: ['gen_ai.choice', 'gen_ai.user.message', 'tool.output'].map((event) => ({
      time: 1n,
      name: event,
      attributes: {
        content: attributes.value ?? null,
        message: attributes.value ?? null,
        output: attributes.value ?? null,
      },
    })),
    links: [],
    statusCode: 0,
    statusMessage: '',
    dropped: NONE_DROPPED,
    traceState: '',
    flags: 0,
    scope: { name: scope, version: null, attributes: {}, schemaUrl: '', resource },
  };
}

test('one hostile value in any attribute is a span all the same', () => {
  const merger = createMerger(compile(DIALECTS));
  let count = 0;
  for (const key of KEYS) {
    for (const value of VALUES) {
      // Neighbours in the list meet other scopes and operations.
      const scope = SCOPES[count % SCOPES.length]!;
      const operation = OPERATIONS[count % OPERATIONS.length]!;
      merger.add(spanWith({ 'gen_ai.operation.name': operation, [key]: value }, scope, 'autogen process '));
      count++;
    }
  }
  expect(merger.records().filter((record) => record.type === 'span').length).toBe(count);
});

test('all attributes hostile at once, under any scope', () => {
  const merger = createMerger(compile(DIALECTS));
  for (const value of VALUES) {
    for (const scope of SCOPES) {
      const attributes = Object.fromEntries(KEYS.map((key) => [key, value]));
      merger.add(spanWith({ ...attributes, value }, scope, ''));
    }
  }
  const spans = merger.records().filter((record) => record.type === 'span');
  expect(spans.length).toBe(VALUES.length * SCOPES.length);
  // Nothing is lost: what was not read stays where it was.
  for (const span of spans) {
    expect(Object.keys(span.attributes).length + span.input.length + span.output.length).toBeGreaterThan(100);
  }
});

test('there are at most 31 dialects, because sets of them are bits of one number', () => {
  expect(DIALECTS.length).toBeLessThanOrEqual(31);
  expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
});
