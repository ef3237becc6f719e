/**
 * Claude Code: bare keys under its own scope, counts that leave the cache out. A sub-agent's spans hang below the tool
 * span that called it. A failed tool is marked on its `.execution` child alone, which is folded into it by analysis;
 * prompts, cost and most tool output are in log records.
 */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind } from '#shared/record.ts';
import { readContent } from '../../messages/index.ts';
import { count, kind, KIND, readName, readToolValue, text } from './readers.ts';
import type { Dialect } from './types.ts';

const TOOLS: readonly SpanKind[] = ['tool'];
const BARE = { bare: true } as const;

export const claudeCode: Dialect = {
  id: 'claude_code',
  scopes: [/^com\.anthropic\.claude_code\./],
  tells: ['llm_request.context'],
  facts: [
    {
      field: 'kind',
      rank: 49,
      key: 'user_prompt',
      bare: true,
      // The end of a sub-agent in the background starts a turn of its own.
      read: (value) => (isTaskNotification(value) ? { kind: 'agent', subtype: 'task_notification' } : null),
    },
    {
      ...kind(50, 'span.type', {
        interaction: KIND.agent,
        llm_request: KIND.generation,
        tool: KIND.tool,
        'tool.blocked_on_user': KIND.wait,
        'tool.execution': { kind: 'custom', subtype: 'tool.execution' },
        hook: { kind: 'custom', subtype: 'hook' },
      }),
      bare: true,
    },
    { field: 'agent', rank: 60, key: 'query_source_safe', bare: true, read: subAgent },
    // The tool that calls a sub-agent opens it: what hangs below is the sub-agent's.
    text('agent', 61, 'subagent_type', { ...BARE, when: TOOLS }),
    { field: 'agent', rank: 62, key: 'span.type', bare: true, when: ['agent'], read: () => 'main' },
    text('model', 100, 'model', BARE),
    text('tool', 40, 'tool_name', { ...BARE, when: TOOLS }),
    text('toolCallId', 30, 'tool_use_id', BARE),
    count('inputTokens', 90, 'input_tokens', BARE),
    count('outputTokens', 90, 'output_tokens', BARE),
    count('cacheRead', 50, 'cache_read_tokens', BARE),
    count('cacheWrite', 50, 'cache_creation_tokens', BARE),
    count('cost', 10, 'cost_usd', BARE),
    { field: 'failed', rank: 50, key: 'success', bare: true, read: readUnsuccessful },
    text('errorType', 20, 'error_class', BARE),
    // A sub-agent has a conversation of its own inside the session.
    text('session', 5, 'session.id', BARE),
  ],
  content: [
    { field: 'input', rank: 150, key: 'user_prompt', bare: true, when: ['agent'], read: readPrompt },
    { field: 'input', rank: 5, key: 'full_command', bare: true, when: TOOLS, read: readToolValue },
    { field: 'input', rank: 5, key: 'file_path', bare: true, when: TOOLS, read: readToolValue },
  ],
  events: [
    {
      field: 'output',
      rank: 5,
      events: ['tool.output'],
      bare: true,
      when: TOOLS,
      consumes: ['output'],
      read: (event) => readToolValue(event.attributes.output ?? null),
    },
  ],
  tokens: { inputExcludesCache: true },
  aliases: ({ attributes, parentId, end }, { kind }) => {
    const id = kind === 'generation' ? readName(attributes.request_id ?? null) : null;
    if (id !== null) return [`request:${id}`];
    if (attributes['span.type'] === 'llm_request') {
      return end === null ? [] : (['request', 'answer'] as const).flatMap((what) => endNames(what, parentId, end));
    }
    // Its children name the call too.
    const call = attributes['span.type'] === 'tool' ? readName(attributes.tool_use_id ?? null) : null;
    return call === null ? [] : [`call:${call}`];
  },
};

/** The events of a request's end and the end of its span: measured, at most 1 ms apart. */
const SLACK_MS = 3;

/**
 * What the events of a model call are called whose provider names no request (gateways, clouds): by the span around it and
 * the millisecond of its end. All names that they may have, the exact one first.
 */
export function endNames(what: 'request' | 'answer', around: string | null, end: bigint): [string, ...string[]] {
  const nameAt = (ms: bigint): string => `${what}:${around ?? ''}@${ms}`;
  const ms = end / 1_000_000n;
  const near = Array.from({ length: SLACK_MS }, (_, at) => BigInt(at + 1)).flatMap((by) => [ms + by, ms - by]);
  return [nameAt(ms), ...near.map(nameAt)];
}

/** "agent.builtin.general-purpose": where a request comes from. */
function subAgent(value: Json): string | null {
  const name = typeof value === 'string' ? /^agent\.[^.]+\.(.+)$/s.exec(value)?.[1] : undefined;
  return name === undefined ? null : readName(name);
}

export function readUnsuccessful(value: Json): true | null {
  return value === false || value === 'false' ? true : null;
}

export function isTaskNotification(value: Json): boolean {
  return typeof value === 'string' && value.startsWith('<task-notification>');
}

/** What a sub-agent in the background hands back is the result of the tool call that started it. */
export function readPrompt(value: Json): ContentItem[] {
  if (!isTaskNotification(value) || typeof value !== 'string') return readContent(value, { role: 'user' });
  const id = /<tool-use-id>([^<]{1,200})<\/tool-use-id>/.exec(value.slice(0, 10_000))?.[1] ?? null;
  const part = { type: 'tool_call_response', id, response: value };
  return readContent([{ role: 'tool', parts: [part] }]);
}
