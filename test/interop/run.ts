/**
 * npm run interop -- [name…]: installs real clients into a cache outside the project, runs each with the text that Connect
 * prints for it against a model on loopback and a real engine, and says what showed. What cannot be installed is skipped
 * with a line; the exit code is 1 when a client ran and did not show what it should.
 */
import { clients } from './clients.ts';
import { install } from './install.ts';
import { runClient } from './run-client.ts';

const wanted = process.argv.slice(2);
const chosen = clients.filter(({ id }) => wanted.length === 0 || wanted.some((each) => id.startsWith(each)));
if (chosen.length === 0) {
  console.error(`No client is called ${wanted.join(' or ')}. Known: ${clients.map(({ id }) => id).join(', ')}.`);
  process.exit(2);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const client of chosen) {
  const startedAt = Date.now();
  const took = (): string => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  const label = `${client.id} (${client.snippet})`;
  const installed = await install(client.install);
  if (!installed.ok) {
    counts.skipped++;
    console.log(`- ${label}: skipped: ${installed.why}`);
    continue;
  }
  const verdict = await runClient(client, installed.folder).catch((error: unknown) => ({
    problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    seen: null,
    output: '',
  }));
  const { seen, problems, output } = verdict;
  const shown = seen
    ? `${seen.traces} traces · agents ${seen.agents.join(', ') || 'none'} · ${seen.generations} generations, ${seen.readable} with text, ${seen.tokens} tokens · tools ${seen.tools.join(', ') || 'none'} · failed ${seen.failed.join(', ') || 'none'}`
    : '';
  if (problems.length === 0) {
    counts.passed++;
    console.log(`✓ ${label} ${installed.version}: ${shown} (${took()})`);
  } else {
    counts.failed++;
    console.log(`✗ ${label} ${installed.version}: ${problems.join('; ')} (${took()})\n    ${shown}`);
    console.log(
      output
        .trim()
        .split('\n')
        .slice(-15)
        .map((line) => `    | ${line}`)
        .join('\n'),
    );
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
