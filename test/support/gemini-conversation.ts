/**
 * A conversation as the Gemini CLI sends it: every model call and every round of tools is a trace of its own, each call
 * repeats the whole history, and one conversation id is all that joins them. Six traces, two questions of a user.
 */
import { attributesOf, type Plain } from './otlp.ts';

export type ConversationOptions = {
  readonly id?: string;
  /** Nanoseconds since the epoch. */
  readonly startNs?: bigint;
  /** Tells trace ids of several conversations apart. */
  readonly seed?: number;
};

type Part = Readonly<Record<string, unknown>>;
type Message = { readonly role: 'user' | 'model'; readonly parts: readonly Part[] };

const SECOND = 1_000_000_000n;

/** One request body, as OTLP JSON, for each of the six traces, in order. */
export function geminiConversation(options: ConversationOptions = {}): Plain[] {
  const { id = 'gemini-conversation-1', startNs = 1_760_000_000n * SECOND, seed = 1 } = options;
  const history: Message[] = [];
  const bodies: Plain[] = [];
  let now = startNs;

  function add(spans: readonly Plain[]): void {
    const traceId = `${seed.toString(16).padStart(8, '0')}${(bodies.length + 1).toString(16).padStart(24, '0')}`;
    bodies.push({
      resourceSpans: [
        {
          resource: { attributes: attributesOf({ 'service.name': 'gemini-cli', 'session.id': id }) },
          scopeSpans: [{ scope: { name: 'gemini-cli' }, spans: spans.map((span) => ({ traceId, ...span })) }],
        },
      ],
    });
  }

  function span(spanId: number, name: string, ms: number, attributes: Plain, parent: number | null = null): Plain {
    return {
      spanId: spanId.toString(16).padStart(16, '0'),
      ...(parent === null ? {} : { parentSpanId: parent.toString(16).padStart(16, '0') }),
      name,
      kind: 1,
      startTimeUnixNano: now.toString(),
      endTimeUnixNano: (now + BigInt(ms) * 1_000_000n).toString(),
      attributes: attributesOf({ 'gen_ai.operation.name': name, 'gen_ai.conversation.id': id, ...attributes }),
      status: { code: 1 },
    };
  }

  function callModel(ms: number, answer: readonly Part[]): void {
    const output: Message = { role: 'model', parts: answer };
    add([
      span(1, 'llm_call', ms, {
        'gen_ai.agent.name': 'gemini-cli',
        'gen_ai.request.model': 'gemini-2.5-pro',
        'gen_ai.usage.input_tokens': 200 * history.length,
        'gen_ai.usage.output_tokens': 40,
        'gen_ai.input.messages': JSON.stringify(history),
        'gen_ai.output.messages': JSON.stringify([output]),
      }),
    ]);
    history.push(output);
    now += BigInt(ms + 20) * 1_000_000n;
  }

  function runTools(ms: number, calls: readonly { name: string; args: Plain; result: Plain }[]): void {
    add([
      span(1, 'schedule_tool_calls', ms, { 'gen_ai.agent.name': 'gemini-cli' }),
      ...calls.map(({ name, args, result }, index) =>
        span(
          index + 2,
          'tool_call',
          ms - 40 * (index + 1),
          {
            'gen_ai.agent.name': 'gemini-cli',
            'gen_ai.tool.name': name,
            'gen_ai.tool.call_id': `${name}-${bodies.length}`,
            'gen_ai.input.messages': JSON.stringify([{ request: { callId: `${name}-${bodies.length}`, name, args } }]),
            'gen_ai.output.messages': JSON.stringify([result]),
          },
          1,
        ),
      ),
    ]);
    history.push({
      role: 'user',
      parts: calls.map(({ name, result }) => ({ functionResponse: { name, response: result } })),
    });
    now += BigInt(ms + 20) * 1_000_000n;
  }

  function ask(text: string): void {
    history.push({ role: 'user', parts: [{ text }] });
  }

  ask('Which files of this project are never imported?');
  callModel(1_800, [
    { functionCall: { name: 'list_directory', args: { path: 'src' } } },
    { functionCall: { name: 'read_file', args: { path: 'package.json' } } },
  ]);
  runTools(420, [
    { name: 'list_directory', args: { path: 'src' }, result: { status: 'success', response: { output: 'a.ts b.ts' } } },
    { name: 'read_file', args: { path: 'package.json' }, result: { status: 'success', response: { output: '{}' } } },
  ]);
  callModel(2_600, [{ text: 'src/b.ts is imported by nobody.' }]);
  // The user reads, has lunch, and asks again.
  now += 47n * 60n * SECOND;
  ask('Delete it and run the tests.');
  callModel(1_400, [{ functionCall: { name: 'run_shell_command', args: { command: 'rm src/b.ts && npm test' } } }]);
  runTools(5_200, [
    {
      name: 'run_shell_command',
      args: { command: 'rm src/b.ts && npm test' },
      result: { status: 'error', response: { error: { message: 'npm test: exit code 1' } } },
    },
  ]);
  callModel(2_100, [{ text: 'The file is gone, but one test fails: it expected b.ts.' }]);
  return bodies;
}
