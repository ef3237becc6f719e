// npm run setup: everything that `npm start` installs and builds, without starting the app.
import { fail, sayOnStdout } from './lib/processes.mjs';
import { setUpAndBuild } from './lib/setup.mjs';

await setUpAndBuild(sayOnStdout).catch(fail);
