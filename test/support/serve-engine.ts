/** Runs an engine as a process of its own, for tests that kill it. Prints its URL, lives until it is told to stop. */
import { createEngine } from '../../src/main/engine/create-engine.ts';

const [workspace = ''] = process.argv.slice(2);
const created = await createEngine({ workspace, httpPort: 0, appVersion: 'test' });
if (!created.ok) {
  console.error(JSON.stringify(created.error));
  process.exit(1);
}
process.stdout.write(`${created.value.info().httpUrl}\n`);
process.once('SIGTERM', () => {
  void created.value.close().then(() => process.exit(0));
});
