// npm run e2e: Playwright in the real Electron, on a virtual display where there is none. Arguments after `--` go to Playwright.
import { openDisplay } from './lib/display.mjs';
import { runtimeEnvironment } from './lib/electron-runtime.mjs';
import { endOnSignals, fail, run, sayOnStdout } from './lib/processes.mjs';
import { setUpAndBuild } from './lib/setup.mjs';

endOnSignals();
try {
  const runtime = await setUpAndBuild(sayOnStdout);
  const display = await openDisplay(sayOnStdout, { outlivesApps: true });
  const env = { ...runtimeEnvironment(runtime), ...display.env };
  const { code } = await run('playwright', ['test', ...process.argv.slice(2)], { env, live: true });
  process.exitCode = code;
} catch (error) {
  fail(error);
}
