// @ts-nocheck: run, not compiled: its packages are where it runs.
import { generateText, isStepCount, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { z } from 'zod';

const moves = [
  { type: /** @type {const} */ ('tool-call'), toolCallId: 'c1', toolName: 'get_weather', input: '{"city":"Paris"}' },
  {
    type: /** @type {const} */ ('tool-call'),
    toolCallId: 'c2',
    toolName: 'lookup_order',
    input: '{"order_id":"A-17"}',
  },
  { type: /** @type {const} */ ('text'), text: 'Paris is sunny.' },
];
let asked = 0;
const model = new MockLanguageModelV4({
  provider: 'scripted',
  modelId: 'm',
  doGenerate: async () => {
    const move = moves[asked++] ?? moves[2];
    const reason = move?.type === 'text' ? 'stop' : 'tool-calls';
    return {
      content: move ? [move] : [],
      finishReason: { unified: reason, raw: reason },
      usage: {
        inputTokens: { total: 50, noCache: 42, cacheRead: 8, cacheWrite: 0 },
        outputTokens: { total: 17, text: 14, reasoning: 3 },
      },
      warnings: [],
    };
  },
});
const { text } = await generateText({
  model,
  prompt: 'Where is my order?',
  tools: {
    get_weather: tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'sunny' }),
    lookup_order: tool({
      inputSchema: z.object({ order_id: z.string() }),
      execute: async () => {
        throw new Error('the order store is offline');
      },
    }),
  },
  stopWhen: isStepCount(5),
  telemetry: { functionId: 'OrderAgent' },
});
console.log(text);
