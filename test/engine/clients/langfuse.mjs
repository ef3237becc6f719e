/** An app that uses Langfuse 3 as its documentation says; where it sends is decided by variables alone. */
import { once } from 'node:events';
import { Langfuse } from 'langfuse';

const langfuse = new Langfuse();
langfuse.on('error', (error) => {
  console.error(error);
});
const trace = langfuse.trace({
  name: 'trip',
  sessionId: 'thread-7',
  userId: 'u-1',
  tags: ['smoke'],
  input: { q: 'Paris?' },
});
const planner = trace.span({ name: 'Planner', input: { q: 'x' } });
const generation = planner.generation({
  name: 'chat',
  model: 'small-1',
  input: [{ role: 'user', content: 'Paris?' }],
});
generation.end({ output: { role: 'assistant', content: 'Sunny.' }, usageDetails: { input: 12, output: 5, total: 17 } });
const lookup = planner.span({ name: 'lookup_order', input: { order_id: 'A-17' } });
lookup.end({ level: 'ERROR', statusMessage: 'order store offline' });
trace.score({ name: 'helpful', value: 1, comment: 'yes' });
await langfuse.flushAsync();
console.log(`posted ${trace.id}`);
await once(process.stdin, 'data');
planner.end({ output: 'done' });
trace.update({ output: 'Sunny.' });
const prompt = await langfuse.getPrompt('greeting', undefined, { type: 'text', fallback: 'hello', maxRetries: 0 });
console.log(`prompt ${prompt.prompt}`);
await langfuse.shutdownAsync();
process.exit(0);
