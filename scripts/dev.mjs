// npm run dev: the app with the page on a development server; saved changes show at once. Arguments after `--` go to electron-vite.
import { openDisplay } from './lib/display.mjs';
import { runtimeEnvironment } from './lib/electron-runtime.mjs';
import { endOnSignals, fail, run, sayOnStdout } from './lib/processes.mjs';
import { setUp } from './lib/setup.mjs';

endOnSignals();
try {
  const runtime = await setUp(sayOnStdout);
  const display = await openDisplay(sayOnStdout);
  // Chromium's sandbox refuses to run as root.
  const env = {
    ...runtimeEnvironment(runtime),
    ...display.env,
    ...(process.getuid?.() === 0 ? { NO_SANDBOX: '1' } : {}),
  };
  const { code } = await run('electron-vite', ['dev', '--watch', ...process.argv.slice(2)], { env, live: true });
  process.exitCode = code;
} catch (error) {
  fail(error);
}
