/**
 * Google ADK: `invocation` around `invoke_agent` (older: `agent_run [name]`) around `call_llm` and `execute_tool`, with
 * the model's request and response as JSON of Gemini's shape.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind } from '#shared/record.ts';
import { readContent } from '../../messages/index.ts';
import type { OtlpSpan } from '../span.ts';
import { mapIn, usageFacts } from './json-map.ts';
import { count, KIND, readCount, readName, readToolValue, text, transferTarget } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

const TOOLS: readonly SpanKind[] = ['tool', 'handoff'];
const OWN = 'gcp.vertex.agent.';

export const adk: Dialect = {
  id: 'adk',
  scopes: [/^gcp\.vertex\.agent$/],
  tells: [`${OWN}invocation_id`, `${OWN}session_id`, `${OWN}event_id`, `${OWN}llm_request`, `${OWN}tool_call_args`],
  facts: [
    {
      field: 'kind',
      rank: 86,
      key: 'gen_ai.tool.name',
      bare: true,
      // Written for their own debugger, beside the spans of the tools themselves.
      read: (value) => (value === '(merged tools)' ? { kind: 'custom', subtype: 'merged_tools' } : null),
    },
    { field: 'outputTokens', rank: 9, key: 'gen_ai.usage.output_tokens', bare: true, read: readOutputCount },
    count('reasoning', 30, 'gen_ai.usage.experimental.reasoning_tokens'),
    // The counts are attributes but for these; the output count is always an attribute.
    ...usageFacts(65, `${OWN}llm_response`, { within: 'usage_metadata' }).filter(
      ({ field }) => field !== 'outputTokens',
    ),
    text('session', 80, `${OWN}session_id`),
    transferTarget(`${OWN}tool_call_args`, 22),
  ],
  names: [
    { field: 'kind', rank: 123, bare: true, read: kindOfName },
    { field: 'agent', rank: 139, bare: true, when: ['agent'], read: agentOfName },
  ],
  content: [
    { field: 'input', rank: 4, key: `${OWN}tool_call_args`, when: TOOLS, read: readToolValue },
    { field: 'output', rank: 4, key: `${OWN}tool_response`, when: TOOLS, read: readToolValue },
    { field: 'input', rank: 90, key: `${OWN}llm_request`, when: ['generation'], read: readRequest },
    { field: 'output', rank: 90, key: `${OWN}llm_response`, when: ['generation'], read: readResponse },
  ],
};

function kindOfName(name: string): KindFact | null {
  if (name === 'invocation') return KIND.workflow;
  if (name.startsWith('call_llm')) return KIND.generation;
  return name.startsWith('agent_run') || name.startsWith('invoke_agent') ? KIND.agent : null;
}

function agentOfName(name: string): string | null {
  return name.startsWith('agent_run [') && name.endsWith(']') ? readName(name.slice('agent_run ['.length, -1)) : null;
}

/** Version 2 counts the thoughts in and states them under the standard key; before, they were left out. */
function readOutputCount(value: Json, { attributes }: OtlpSpan): number | null {
  const output = readCount(value);
  if (output === null || attributes['gen_ai.usage.reasoning.output_tokens'] !== undefined) return output;
  const usage = mapIn(attributes[`${OWN}llm_response`] ?? null)?.usage_metadata;
  const counts = isJsonObject(usage) ? usage : {};
  const candidates = readCount(counts.candidates_token_count ?? null);
  if (candidates !== null && output > candidates) return output;
  const thoughts = attributes['gen_ai.usage.experimental.reasoning_tokens'] ?? counts.thoughts_token_count ?? null;
  return output + (readCount(thoughts) ?? 0);
}

/** `{ model, config: { system_instruction, tools, … }, contents }`. */
function readRequest(value: Json): ContentItem[] {
  const request = mapIn(value);
  if (request === null || !Array.isArray(request.contents)) return [];
  const { config, ...rest } = request;
  if (!isJsonObject(config)) return readContent(request);
  const { system_instruction: system, ...settings } = config;
  const instructions = system === undefined || system === null ? [] : readContent(system, { role: 'system' });
  return [...instructions, ...readContent({ ...rest, config: settings })];
}

/** `{ content: { role: "model", parts }, usage_metadata, finish_reason, … }`. */
function readResponse(value: Json): ContentItem[] {
  const response = mapIn(value);
  if (response === null || !isJsonObject(response.content)) return [];
  const { content, ...rest } = response;
  const said = readContent(content, { role: 'assistant' });
  return Object.keys(rest).length > 0 ? [...said, { kind: 'json', value: rest }] : said;
}
