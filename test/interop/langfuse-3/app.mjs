// @ts-nocheck: run, not compiled: its packages are where it runs.
import { Langfuse } from 'langfuse';

const langfuse = new Langfuse({ flushInterval: 200 });
const trace = langfuse.trace({ name: 'Order desk', sessionId: 'thread-7', userId: 'u' });
const agent = trace.span({ name: 'OrderAgent', input: 'Where is my order?' });
const call = agent.generation({ name: 'ask', model: 'm', input: [{ role: 'user', content: 'Where is my order?' }] });
call.end({ output: { role: 'assistant', content: 'Paris is sunny.' }, usage: { input: 42, output: 17 } });
agent.span({ name: 'lookup_order', input: { order_id: 'A-17' } }).end({ level: 'ERROR', statusMessage: 'offline' });
agent.end({ output: 'Paris is sunny.' });
trace.score({ name: 'helpful', value: 1 });
await langfuse.shutdownAsync();
