// npm run build: the production build into out/.
import { build } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { fail, sayOnStdout } from './lib/processes.mjs';

await ensureDependencies(sayOnStdout).catch(fail);
await build(sayOnStdout).catch(fail);
