/** Anthropic's Messages. */
import { asList, asObj, type Move, type Obj, type Reply, type Tool } from './wire.ts';

let count = 0;

export function answerAnthropic(
  path: string,
  body: Obj,
  decide: (tools: readonly Tool[], called: ReadonlySet<string>) => Move,
  reply: Reply,
): void {
  if (path.includes('count_tokens')) {
    reply.json(200, { input_tokens: 100 });
    return;
  }
  const called = new Set(
    asList(body.messages)
      .flatMap(({ content }) => asList(content))
      .flatMap(({ type, name }) => (type === 'tool_use' ? [String(name)] : [])),
  );
  const tools = asList(body.tools).map(({ name, input_schema }) => ({
    name: String(name),
    schema: asObj(input_schema),
  }));
  const move = decide(tools, called);
  const n = ++count;
  if ('refuse' in move) {
    reply.json(400, { type: 'error', error: { type: 'invalid_request_error', message: move.refuse } });
    return;
  }
  const block: Obj =
    'say' in move
      ? { type: 'text', text: move.say }
      : { type: 'tool_use', id: `toolu_${n}`, name: move.call, input: move.args };
  const stop = 'say' in move ? 'end_turn' : 'tool_use';
  const usage = { input_tokens: 120, output_tokens: 30, cache_read_input_tokens: 64, cache_creation_input_tokens: 16 };
  const message = {
    id: `msg_${n}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [block],
    stop_reason: stop,
    stop_sequence: null,
    usage,
  };
  if (body.stream !== true) {
    reply.json(200, message);
    return;
  }
  const event = (type: string, rest: Obj): { event: string; data: Obj } => ({ event: type, data: { type, ...rest } });
  const start = 'say' in move ? { type: 'text', text: '' } : { ...block, input: {} };
  const delta =
    'say' in move
      ? { type: 'text_delta', text: move.say }
      : { type: 'input_json_delta', partial_json: JSON.stringify(move.args) };
  reply.events([
    event('message_start', { message: { ...message, content: [], stop_reason: null } }),
    event('content_block_start', { index: 0, content_block: start }),
    event('content_block_delta', { index: 0, delta }),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage }),
    event('message_stop', {}),
  ]);
}
