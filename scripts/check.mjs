// npm run check: format, types of every side, lint, boundaries and dead code. The fast part of `npm test`.
import { runChecks } from './lib/checks.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { fail, sayOnStdout, seconds } from './lib/processes.mjs';

await ensureDependencies(sayOnStdout).catch(fail);
const startedAt = Date.now();
const results = await runChecks(({ name, ok, took }) => sayOnStdout(`${ok ? '✓' : '✗'} ${name} (${took})`));
const failed = results.filter(({ ok }) => !ok);
for (const { name, output } of failed) sayOnStdout(`\n── ${name} ──\n${output.trim()}`);
sayOnStdout(
  failed.length === 0
    ? `All ${results.length} checks hold (${seconds(startedAt)}).`
    : `\n${failed.length} of ${results.length} checks fail (${seconds(startedAt)}). \`npm run format\` corrects the format.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
