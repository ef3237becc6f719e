// npm run interop -- [name…]: real clients, run as Connect prints it. What cannot be reached is skipped with a line.
import { bundledNode } from './lib/paths.mjs';
import { endOnSignals, fail, run } from './lib/processes.mjs';

endOnSignals();
try {
  const args = ['--disable-warning=ExperimentalWarning', 'test/interop/run.ts', ...process.argv.slice(2)];
  process.exitCode = (await run(bundledNode(), args, { live: true })).code;
} catch (error) {
  fail(error);
}
