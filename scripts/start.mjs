// npm start: installs what is missing, builds what has changed and opens the app. Arguments after `--` go to the app.
import { openDisplay } from './lib/display.mjs';
import { launch } from './lib/launch.mjs';
import { fail, sayOnStdout } from './lib/processes.mjs';
import { setUpAndBuild } from './lib/setup.mjs';

try {
  const runtime = await setUpAndBuild(sayOnStdout);
  const display = await openDisplay(sayOnStdout);
  process.exitCode = await launch(runtime, process.argv.slice(2), display);
} catch (error) {
  fail(error);
}
