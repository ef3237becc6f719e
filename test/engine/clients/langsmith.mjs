/** An app that uses LangSmith as its documentation says; where it sends is decided by variables alone. */
import { once } from 'node:events';
import { Client } from 'langsmith';
import { RunTree } from 'langsmith/run_trees';
import { traceable } from 'langsmith/traceable';

const client = new Client();
const model = traceable(
  async (/** @type {{ messages: { role: string, content: string }[] }} */ { messages }) => ({
    role: 'assistant',
    content: `You said ${messages[0]?.content}`,
    usage_metadata: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
  }),
  { name: 'chat', run_type: 'llm', client, metadata: { ls_provider: 'local', ls_model_name: 'small-1' } },
);
const lookup = traceable(
  async (/** @type {{ order_id: string }} */ _args) => {
    throw new TypeError('order store offline');
  },
  { name: 'lookup_order', run_type: 'tool', client },
);
const desk = traceable(
  async (/** @type {string} */ question) => {
    await lookup({ order_id: 'A-17' }).catch(() => undefined);
    return (await model({ messages: [{ role: 'user', content: question }] })).content;
  },
  { name: 'OrderDesk', run_type: 'chain', client, metadata: { thread_id: 'thread-7' }, tags: ['smoke'] },
);
await desk('Where is A-17?');

const run = new RunTree({ name: 'slow', run_type: 'chain', inputs: { text: 'wait' }, client });
await run.postRun();
await client.createFeedback(run.id, 'helpful', { score: 1, comment: 'yes', traceId: run.trace_id });
await client.awaitPendingTraceBatches();
console.log(`posted ${run.id}`);
await once(process.stdin, 'data');
await run.end({ text: 'done' });
await run.patchRun();
await client.awaitPendingTraceBatches();
process.exit(0);
