/** The two wires of OpenAI: Responses and Chat Completions. */
import { asList, asObj, type Move, type Obj, type Reply, type Tool } from './wire.ts';

type Decide = (tools: readonly Tool[], called: ReadonlySet<string>) => Move;

let count = 0;

export function answerResponses(body: Obj, decide: Decide, reply: Reply): void {
  const tools = asList(body.tools).filter(({ type }) => type === 'function');
  const called = new Set(
    asList(body.input).flatMap(({ type, name }) => (type === 'function_call' ? [String(name)] : [])),
  );
  const move = decide(
    tools.map(({ name, parameters }) => ({ name: String(name), schema: asObj(parameters) })),
    called,
  );
  const n = ++count;
  if ('refuse' in move) {
    reply.json(400, { error: { message: move.refuse, type: 'invalid_request_error', param: null, code: null } });
    return;
  }
  const item =
    'say' in move
      ? {
          type: 'message',
          id: `msg_${n}`,
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: move.say, annotations: [], logprobs: [] }],
        }
      : {
          type: 'function_call',
          id: `fc_${n}`,
          call_id: `call_${n}`,
          name: move.call,
          arguments: JSON.stringify(move.args),
          status: 'completed',
        };
  const response = {
    id: `resp_${n}`,
    object: 'response',
    created_at: 1_760_000_000 + n,
    model: `${String(body.model)}-2026`,
    status: 'completed',
    output: [item],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: body.tools ?? [],
    temperature: 1,
    top_p: 1,
    usage: {
      input_tokens: 40 + n,
      output_tokens: 17,
      total_tokens: 57 + n,
      input_tokens_details: { cached_tokens: 8, cache_write_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 3 },
    },
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    metadata: {},
  };
  if (body.stream !== true) {
    reply.json(200, response);
    return;
  }
  const event = (type: string, rest: Obj): { event: string; data: Obj } => ({ event: type, data: { type, ...rest } });
  reply.events([
    event('response.created', {
      sequence_number: 0,
      response: { ...response, status: 'in_progress', output: [], usage: null },
    }),
    event('response.output_item.added', {
      sequence_number: 1,
      output_index: 0,
      item: { ...item, status: 'in_progress' },
    }),
    event('response.output_item.done', { sequence_number: 2, output_index: 0, item }),
    event('response.completed', { sequence_number: 3, response }),
  ]);
}

export function answerChat(body: Obj, decide: Decide, reply: Reply): void {
  const tools = asList(body.tools).map((tool) => asObj(tool.function));
  const called = new Set(
    asList(body.messages).flatMap(({ tool_calls, role, content }) => [
      ...asList(tool_calls).map((call) => String(asObj(call.function).name)),
      ...(role === 'assistant' ? quotedNames(content) : []),
    ]),
  );
  const move = decide(
    tools.map(({ name, parameters }) => ({ name: String(name), schema: asObj(parameters) })),
    called,
  );
  const n = ++count;
  if ('refuse' in move) {
    reply.json(400, { error: { message: move.refuse, type: 'invalid_request_error', param: null, code: null } });
    return;
  }
  const message: Obj =
    'say' in move
      ? { role: 'assistant', content: move.say, refusal: null }
      : {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            { id: `call_${n}`, type: 'function', function: { name: move.call, arguments: JSON.stringify(move.args) } },
          ],
        };
  const finish = 'say' in move ? 'stop' : 'tool_calls';
  const usage = {
    prompt_tokens: 40 + n,
    completion_tokens: 17,
    total_tokens: 57 + n,
    prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 0 },
  };
  const base = { id: `chatcmpl_${n}`, created: 1_760_000_000 + n, model: `${String(body.model)}-2026` };
  if (body.stream !== true) {
    const choice = { index: 0, message, logprobs: null, finish_reason: finish };
    reply.json(200, { ...base, object: 'chat.completion', choices: [choice], usage });
    return;
  }
  const chunk = (delta: Obj, finish_reason: string | null): { event: null; data: Obj } => ({
    event: null,
    data: { ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] },
  });
  const delta =
    'say' in move
      ? { content: move.say }
      : { tool_calls: asList(message.tool_calls).map((call) => ({ index: 0, ...call })) };
  reply.events([
    chunk({ role: 'assistant', content: '' }, null),
    chunk(delta, null),
    chunk({}, finish),
    { event: null, data: { ...base, object: 'chat.completion.chunk', choices: [], usage } },
    { event: null, data: '[DONE]' },
  ]);
}

/** Some frameworks write earlier calls into the text of a message: "name": "get_weather". */
function quotedNames(content: unknown): string[] {
  const text = typeof content === 'string' ? content : JSON.stringify(content ?? '');
  return [...text.matchAll(/name\\?['"]: \\?['"](\w+)/g)].map((match) => match[1] ?? '');
}
