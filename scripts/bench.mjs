// npm run bench: the benchmarks, with an Electron and a display for those that measure the window.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDisplay } from './lib/display.mjs';
import { runtimeEnvironment } from './lib/electron-runtime.mjs';
import { bundledNode, root } from './lib/paths.mjs';
import { endOnSignals, fail, run, sayOnStderr } from './lib/processes.mjs';
import { setUpAndBuild } from './lib/setup.mjs';

endOnSignals();
try {
  // Standard output belongs to the figures.
  const runtime = await setUpAndBuild(sayOnStderr);
  const display = await openDisplay(() => undefined, { outlivesApps: true });
  const script = ['run.ts', 'run.mjs']
    .map((name) => join(root, 'test', 'bench', name))
    .find((file) => existsSync(file));
  const args = ['--disable-warning=ExperimentalWarning', script ?? 'test/bench/run.ts', ...process.argv.slice(2)];
  const env = { ...runtimeEnvironment(runtime), ...display.env };
  process.exitCode = (await run(bundledNode(), args, { env, live: true })).code;
} catch (error) {
  fail(error);
}
