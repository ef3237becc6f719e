/** An OTLP request of one agent that books a room: its context grows, is compacted, and one call breaks its schema. */

type Message = { readonly role: string; readonly parts: readonly unknown[] };
type Attributes = Readonly<Record<string, string | number>>;

export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const TOOLS = [
  {
    type: 'function',
    name: 'search_rooms',
    description: 'Finds free rooms in a town.',
    parameters: {
      type: 'object',
      properties: {
        town: { type: 'string', minLength: 2 },
        nights: { type: 'integer', minimum: 1, maximum: 30 },
        board: { enum: ['none', 'breakfast', 'half'] },
        arrival: { type: 'string', format: 'date' },
      },
      required: ['town', 'nights'],
      additionalProperties: false,
    },
  },
  { type: 'function', name: 'pay', parameters: { type: 'object', properties: { amount: { type: 'number' } } } },
];

function say(role: string, text: string): Message {
  return { role, parts: [{ type: 'text', content: text }] };
}

function call(id: string, name: string, args: unknown): Message {
  return { role: 'assistant', parts: [{ type: 'tool_call', id, name, arguments: args }] };
}

function result(id: string, response: unknown): Message {
  return { role: 'tool', parts: [{ type: 'tool_call_response', id, response }] };
}

const SYSTEM = say('system', 'You book rooms on Lake Constance. Ask before you pay. Never share the guest’s address.');
const ASK = say('user', 'A quiet room in Lindau for two nights, with breakfast, please.');
const FIRST_CALL = call('c1', 'search_rooms', {
  town: 'Lindau',
  nights: '2',
  Board: 'breakfast',
  arrival: '2026-06-01',
});
const ROOMS = Array.from({ length: 30 }, (_, room) => ({
  room,
  name: `Room ${room}`,
  quiet: room % 2 === 0,
  price: 80 + room,
}));
const FIRST_RESULT = result('c1', { rooms: ROOMS });
const SECOND_CALL = call('c2', 'search_rooms', { town: 'Lindau', nights: 2, board: 'breakfast' });
const SECOND_RESULT = result('c2', { rooms: ROOMS.slice(0, 12) });
const PICTURE: Message = {
  role: 'user',
  parts: [
    { type: 'text', content: 'It should look like this one.' },
    { type: 'blob', modality: 'image', mime_type: 'image/png', content: PIXEL },
  ],
};
const LATER_SYSTEM = say(
  'system',
  'You book rooms on Lake Constance. Ask before you pay, and name the price. Never share the guest’s address.',
);
const SUMMARY = say('user', 'Summary so far: the guest wants a quiet room in Lindau, two nights, breakfast.');

const INPUTS: readonly (readonly Message[])[] = [
  [SYSTEM, ASK],
  [SYSTEM, ASK, FIRST_CALL, FIRST_RESULT],
  [SYSTEM, ASK, FIRST_CALL, FIRST_RESULT, SECOND_CALL, SECOND_RESULT, PICTURE],
  [LATER_SYSTEM, SUMMARY],
];
const OUTPUTS = [
  FIRST_CALL,
  SECOND_CALL,
  say('assistant', 'Room 4 fits: **84 €** a night.\n\n- quiet\n- with a view'),
  say('assistant', 'Shall I pay 168 €?'),
];

const TRACE = '5b8efff798038103d269b633813fc60c';
const ORIGIN = 1_780_000_000_000_000_000n;

function span(
  id: string,
  parent: string | null,
  at: number,
  name: string,
  attributes: Attributes,
  more: object = {},
): object {
  const start = ORIGIN + BigInt(at) * 1_000_000n;
  return {
    traceId: TRACE,
    spanId: id.padStart(16, '0'),
    ...(parent === null ? {} : { parentSpanId: parent.padStart(16, '0') }),
    name,
    kind: 1,
    startTimeUnixNano: start.toString(),
    endTimeUnixNano: (start + 400_000_000n).toString(),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value:
        typeof value === 'string'
          ? { stringValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
    })),
    status: {},
    ...more,
  };
}

/** @param bulk characters of a text that one tool returns */
export function inspectorTrace(bulk = 0): object {
  const generations = INPUTS.map((input, index) =>
    span(`a${index}`, 'a', index * 1_000, 'chat model-a', {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': index === 3 ? 'model-b' : 'model-a',
      'gen_ai.request.temperature': index === 3 ? 0.7 : 0.2,
      'gen_ai.agent.name': 'Booker',
      'gen_ai.input.messages': JSON.stringify(input),
      'gen_ai.output.messages': JSON.stringify([OUTPUTS[index]]),
      'gen_ai.tool.definitions': JSON.stringify(index === 3 ? TOOLS : TOOLS.slice(0, 1)),
      'gen_ai.usage.input_tokens': [190, 640, 980, 230][index] ?? 0,
      'gen_ai.usage.cache_read.input_tokens': [0, 128, 512, 0][index] ?? 0,
      'gen_ai.usage.output_tokens': 20,
    }),
  );
  const tools = [FIRST_CALL, SECOND_CALL].map((asked, index) => {
    const part = asked.parts[0] as { id: string; arguments: unknown };
    return span(
      `b${index}`,
      'a',
      index * 1_000 + 500,
      'execute_tool search_rooms',
      {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'search_rooms',
        'gen_ai.tool.call.id': part.id,
        'gen_ai.agent.name': 'Booker',
        'gen_ai.tool.call.arguments': JSON.stringify(part.arguments),
        'gen_ai.tool.call.result': bulk > 0 && index === 1 ? bulkText(bulk) : JSON.stringify({ rooms: ROOMS }),
      },
      {
        links: [{ traceId: TRACE, spanId: 'a0'.padStart(16, '0') }],
        events: [{ timeUnixNano: (ORIGIN + 700_000_000n).toString(), name: 'cache miss', attributes: [] }],
      },
    );
  });
  const agent = span(
    'a',
    null,
    0,
    'invoke_agent Booker',
    { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Booker' },
    { endTimeUnixNano: (ORIGIN + 4_500_000_000n).toString() },
  );
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'lake-rooms' } }] },
        scopeSpans: [{ scope: { name: 'test' }, spans: [agent, ...generations, ...tools] }],
      },
    ],
  };
}

function bulkText(length: number): string {
  const line = 'room 17, quiet, with a view of the lake, breakfast until ten\n';
  return `${line.repeat(Math.ceil(length / line.length)).slice(0, length)}the very last words`;
}
