/**
 * Codex CLI: its internal tracing spans, hundreds for one turn. A list of names says which of them mean something;
 * the rest is internal whatever it carries. Prompts, answers and the success of tools are in log records only.
 */
import type { Json } from '#shared/json.ts';
import type { OtlpSpan } from '../span.ts';
import { readUnsuccessful } from './claude-code.ts';
import { count, KIND, readName, text } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

const BARE = { bare: true } as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TURN = 'codex.turn.token_usage.';

const KINDS: ReadonlyMap<string, KindFact> = new Map<string, KindFact>([
  ['session_task.turn', { kind: 'agent', subtype: 'turn' }],
  // Its attempts (`try_run_sampling_request`) and phases (`codex.sampling`) lie inside it.
  ['run_sampling_request', KIND.generation],
  ['codex.exec', { kind: 'chain', subtype: 'exec' }],
  ['session_loop', { kind: 'chain', subtype: 'session' }],
]);

export const codex: Dialect = {
  id: 'codex',
  scopes: [/^codex[_-]/],
  tells: ['codex.turn.phase', 'codex.op', 'codex.tool.phase'],
  facts: [
    text('model', 100, 'model', { ...BARE, when: ['generation', 'agent'] }),
    text('tool', 40, 'tool_name', { ...BARE, when: ['tool', 'handoff'] }),
    text('toolCallId', 40, 'call_id', BARE),
    count('inputTokens', 100, `${TURN}input_tokens`),
    count('outputTokens', 100, `${TURN}output_tokens`),
    count('cacheRead', 60, `${TURN}cached_input_tokens`),
    count('cacheWrite', 60, `${TURN}cache_write_input_tokens`),
    count('cacheWrite', 26, 'gen_ai.usage.cache_write.input_tokens'),
    count('reasoning', 50, `${TURN}reasoning_output_tokens`),
    count('reasoning', 51, 'codex.usage.reasoning_output_tokens'),
    { field: 'failed', rank: 51, key: 'success', bare: true, read: readUnsuccessful },
    text('session', 90, 'conversation.id', BARE),
    text('session', 91, 'thread_id', BARE),
    { field: 'session', rank: 92, key: 'thread.id', bare: true, read: readConversation },
  ],
  names: [
    { field: 'kind', rank: 70, bare: true, read: kindOfName },
    { field: 'agent', rank: 70, bare: true, when: ['agent'], read: () => 'codex' },
  ],
  aliases: ({ name, attributes }, { kind }) => {
    const conversation = name === 'session_task.turn' ? readConversation(attributes['thread.id'] ?? null) : null;
    if (conversation !== null) return [`turn:${conversation}`];
    const call = kind === 'tool' ? readName(attributes.call_id ?? null) : null;
    return call === null ? [] : [`call:${call}`];
  },
  internalRepeatsUsage: true,
};

/** Most spans have the number of a thread of the operating system there. */
function readConversation(value: Json): string | null {
  return typeof value === 'string' && UUID.test(value) ? value : null;
}

function kindOfName(name: string, { attributes }: OtlpSpan): KindFact {
  const known = KINDS.get(name);
  if (known) return known;
  const isCall = attributes.call_id !== undefined && attributes.tool_name !== undefined;
  // A span with both that scores the call for safety is not the call.
  return isCall && !name.startsWith('guardian_') ? KIND.tool : KIND.internal;
}
