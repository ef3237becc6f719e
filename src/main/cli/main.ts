import { processIo } from './io.ts';
import { runCli } from './program.ts';

// Everything written has been taken by then; what may still be open (a keep-alive connection) is no reason to wait.
process.exit(await runCli(process.argv.slice(2), processIo()));
