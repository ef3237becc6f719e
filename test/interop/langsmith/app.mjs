// @ts-nocheck: run, not compiled: its packages are where it runs.
import { Client } from 'langsmith';
import { traceable } from 'langsmith/traceable';
import { wrapOpenAI } from 'langsmith/wrappers';
import OpenAI from 'openai';

const client = new Client();
const openai = wrapOpenAI(new OpenAI({ apiKey: 'local', baseURL: `${process.env.MODEL_URL}/v1`, maxRetries: 0 }), {
  client,
});
const getWeather = traceable(async (/** @type {string} */ city) => `sunny in ${city}`, {
  name: 'get_weather',
  run_type: 'tool',
  client,
});
const lookupOrder = traceable(
  async (/** @type {string} */ id) => {
    throw new Error(`the order store is offline: ${id}`);
  },
  { name: 'lookup_order', run_type: 'tool', client },
);
const agent = traceable(
  async (/** @type {string} */ question) => {
    await getWeather('Paris');
    await lookupOrder('A-17').catch(() => undefined);
    const answer = await openai.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: question }],
    });
    return answer.choices[0]?.message.content;
  },
  { name: 'OrderAgent', run_type: 'chain', client, metadata: { thread_id: 'thread-7' } },
);
console.log(await agent('Where is my order?'));
await client.awaitPendingTraceBatches();
