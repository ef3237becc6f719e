/** Goes on with the grading of a workspace until it is killed, and writes how much is done after each write. */
import { createEngine } from '../../src/main/engine/create-engine.ts';

const [workspace = ''] = process.argv.slice(2);
const created = await createEngine({ workspace, httpPort: null, appVersion: 'test', readerThread: true });
if (!created.ok) throw new Error(created.error.message);
created.value.subscribe('job', ({ done }) => {
  process.stdout.write(`${done}\n`);
});
setInterval(() => undefined, 1_000);
