// npm test: sets up, then runs every check and every test. The last line is always `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { runChecks } from './lib/checks.mjs';
import { openDisplay } from './lib/display.mjs';
import { runtimeEnvironment } from './lib/electron-runtime.mjs';
import { SetupError, endOnSignals, run, sayOnStdout, seconds } from './lib/processes.mjs';
import { countPlaywright, countVitest, flakyTests, sum } from './lib/results.mjs';
import { setUp } from './lib/setup.mjs';

/** @typedef {import('./lib/results.mjs').Counts} Counts */
/** @typedef {Counts & { output: string }} Outcome */

// Pure tests share the machine; engines with threads of their own each have it alone.
const cores = availableParallelism();
const reports = mkdtempSync(join(tmpdir(), 'tracewright-test-'));
// A runner that hangs must not hang the whole: far more than any stage takes, also on a slow machine.
const limit = 40 * 60_000;

endOnSignals();
/** @type {string[]} */
const flaky = [];
const total = await runStages().catch(setupFailed);
rmSync(reports, { recursive: true, force: true });
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
for (const name of flaky) sayOnStdout(`flaky, passed only when it was tried again: ${name}`);
sayOnStdout(`${total.passed} passed, ${total.failed} failed`);

/** @returns {Promise<Counts>} */
async function runStages() {
  const runtime = await setUp(sayOnStdout);
  const checked = await stage('checks', allChecks);
  const unit = await stage('unit tests', () => vitest('unit', ['unit', 'renderer'], cores));
  const built = await stage('production build', productionBuild);
  const integration = await stage('integration tests', () => vitest('integration', ['integration'], 1));
  const endToEnd = await stage('end-to-end tests', () => playwright(runtimeEnvironment(runtime)));
  return sum([checked, unit, built, integration, endToEnd]);
}

/**
 * Runs one stage, prints its line, and what it printed itself when something failed. A stage that throws has failed once.
 * @param {string} name
 * @param {() => Promise<Outcome>} work
 * @returns {Promise<Counts>}
 */
async function stage(name, work) {
  const startedAt = Date.now();
  const { passed, failed, output } = await work().catch((/** @type {unknown} */ error) => ({
    passed: 0,
    failed: 1,
    output: textOf(error),
  }));
  sayOnStdout(`${failed === 0 ? '✓' : '✗'} ${name}: ${passed} passed, ${failed} failed (${seconds(startedAt)})`);
  if (failed > 0) sayOnStdout(`${output.trim()}\n`);
  return { passed, failed };
}

/** @returns {Promise<Outcome>} */
async function allChecks() {
  const results = await runChecks(({ name, ok, took }) => sayOnStdout(`  ${ok ? '✓' : '✗'} ${name} (${took})`));
  const failed = results.filter(({ ok }) => !ok);
  const output = failed.map((result) => `── ${result.name} ──\n${result.output.trim()}`).join('\n\n');
  return { passed: results.length - failed.length, failed: failed.length, output };
}

/** @returns {Promise<Outcome>} */
async function productionBuild() {
  await build(() => undefined);
  return { passed: 1, failed: 0, output: '' };
}

/**
 * @param {string} name
 * @param {string[]} projects
 * @param {number} workers
 * @returns {Promise<Outcome>}
 */
async function vitest(name, projects, workers) {
  const report = join(reports, `${name}.json`);
  const args = ['run', ...projects.flatMap((project) => ['--project', project]), `--maxWorkers=${workers}`];
  const { code, output } = await run(
    'vitest',
    [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { timeout: limit },
  );
  return { ...countVitest(read(report), code), output };
}

/**
 * @param {Record<string, string>} env
 * @returns {Promise<Outcome>}
 */
async function playwright(env) {
  const report = join(reports, 'playwright.json');
  const display = await openDisplay(() => undefined, { outlivesApps: true });
  try {
    const { code, output } = await run('playwright', ['test', '--reporter=line,json'], {
      // Patient as on a machine that others share, whether or not it says that it is one.
      env: { CI: '1', ...env, ...display.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      timeout: limit,
    });
    const written = read(report);
    flaky.push(...flakyTests(written));
    return { ...countPlaywright(written, code), output };
  } finally {
    display.stop();
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/**
 * @param {unknown} error
 * @returns {Counts}
 */
function setupFailed(error) {
  sayOnStdout(textOf(error));
  return { passed: 0, failed: 1 };
}

/** @param {unknown} error */
function textOf(error) {
  if (error instanceof SetupError) return `${error.message}\n${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
