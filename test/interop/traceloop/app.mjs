// @ts-nocheck: run, not compiled: its packages are where it runs.
import * as traceloop from '@traceloop/node-server-sdk';
import OpenAI from 'openai';

traceloop.initialize({ appName: 'desk', instrumentModules: { openAI: OpenAI }, silenceInitializationMessage: true });
const openai = new OpenAI({ apiKey: 'local', baseURL: `${process.env.MODEL_URL}/v1`, maxRetries: 0 });
const answer = await traceloop.withAgent({ name: 'OrderAgent' }, async () => {
  await traceloop.withTool({ name: 'get_weather' }, async () => 'sunny');
  const said = await openai.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'Is it sunny?' }],
  });
  return said.choices[0]?.message.content;
});
console.log(answer);
await traceloop.forceFlush();
process.exit(0);
