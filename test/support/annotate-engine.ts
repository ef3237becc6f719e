/** Saves one annotation after the other until it is killed, and writes the id of each when it was answered. */
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { emptyState } from './annotation-state.ts';

const [workspace = '', round = ''] = process.argv.slice(2);
const created = await createEngine({ workspace, httpPort: null, appVersion: 'test' });
if (!created.ok) throw new Error(created.error.message);
for (let made = 0; ; made++) {
  const id = `a-${round}-${made}`;
  const state = { ...emptyState, note: `note ${id}` };
  await created.value.call('annotation.save', { traceId: 't1', id, state });
  process.stdout.write(`${id}\n`);
}
