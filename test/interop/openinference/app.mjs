// @ts-nocheck: run, not compiled: its packages are where it runs.
import OpenAI from 'openai';

const openai = new OpenAI({ apiKey: 'local', baseURL: `${process.env.MODEL_URL}/v1`, maxRetries: 0 });
const tools = [
  {
    type: /** @type {const} */ ('function'),
    function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
];
/** @type {import('openai').OpenAI.ChatCompletionMessageParam[]} */
const messages = [{ role: 'user', content: 'Is it sunny?' }];
const first = await openai.chat.completions.create({ model: 'm', messages, tools });
const call = first.choices[0]?.message;
if (!call?.tool_calls?.[0]) throw new Error('no call');
messages.push(call, { role: 'tool', tool_call_id: call.tool_calls[0].id, content: 'sunny' });
console.log((await openai.chat.completions.create({ model: 'm', messages, tools })).choices[0]?.message.content);
