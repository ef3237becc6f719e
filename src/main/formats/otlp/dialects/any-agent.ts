/** Mozilla's any-agent: GenAI keys with operations, arguments, results and costs of its own. */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContent, readJsonText } from '../../messages/index.ts';
import { content, kind, KIND, readCount, readToolValue, roleOf } from './readers.ts';
import type { ContentContext, Dialect } from './types.ts';

export const anyAgent: Dialect = {
  id: 'any_agent',
  scopes: [/^any_agent$/],
  tells: ['any_agent.version', 'gen_ai.tool.args', 'gen_ai.usage.input_cost'],
  facts: [
    kind(91, 'gen_ai.operation.name', { call_llm: KIND.generation }),
    {
      field: 'cost',
      rank: 51,
      key: 'gen_ai.usage.input_cost',
      read: (value, { attributes }) => {
        const input = readCount(value);
        const output = readCount(attributes['gen_ai.usage.output_cost'] ?? null);
        return input === null ? null : input + (output ?? 0);
      },
    },
  ],
  content: [
    content('input', 2, 'gen_ai.tool.args', { when: ['tool', 'handoff'] }),
    { field: 'output', rank: 112, key: 'gen_ai.output', read: readOutput },
  ],
};

/** A model's answer is its text, or its calls as [{ "tool.name", "tool.args" }]. */
function readOutput(value: Json, context: ContentContext): ContentItem[] {
  if (context.kind === 'tool' || context.kind === 'handoff') return readToolValue(value);
  const calls = typeof value === 'string' ? readJsonText(value) : value;
  if (!Array.isArray(calls)) return readContent(value, roleOf(context));
  const list: readonly Json[] = calls;
  if (list.length === 0 || !list.every((each) => isJsonObject(each) && typeof each['tool.name'] === 'string')) {
    return readContent(value, roleOf(context));
  }
  const toolCalls = list.filter(isJsonObject).map((call) => ({
    type: 'function',
    function: { name: call['tool.name'] ?? '', arguments: call['tool.args'] ?? null },
  }));
  return readContent([{ role: 'assistant', content: null, tool_calls: toolCalls }]);
}
