import { run, seconds } from './processes.mjs';

/** @typedef {{ name: string, command: string, args: string[] }} Check */
/** @typedef {{ name: string, ok: boolean, took: string, output: string }} CheckResult */

// What an earlier run found is kept per file and per program, by content; a fresh clone has none of it.
const cache = 'node_modules/.cache/tracewright';

// The longest first: they share two processors.
/** @type {Check[]} */
export const checks = [
  {
    name: 'lint',
    command: 'eslint',
    args: ['--max-warnings', '0', '--cache', '--cache-strategy', 'content', '--cache-location', `${cache}/eslint`, '.'],
  },
  ...['node', 'tests', 'renderer', 'preload', 'shared'].map((side) => ({
    name: `types of ${side}`,
    command: 'tsc',
    args: ['-p', `tsconfig.${side}.json`, '--incremental', '--tsBuildInfoFile', `${cache}/${side}.tsbuildinfo`],
  })),
  {
    name: 'format',
    command: 'prettier',
    args: ['--check', '--cache', '--cache-location', `${cache}/prettier`, '--log-level', 'warn', '.'],
  },
  { name: 'boundaries', command: 'depcruise', args: ['--config', '.dependency-cruiser.cjs', 'src'] },
  { name: 'dead code', command: 'knip', args: ['--no-config-hints'] },
];

/**
 * Runs all checks, two at a time, and reports each as it ends.
 * @param {(result: CheckResult) => void} report
 * @returns {Promise<CheckResult[]>}
 */
export async function runChecks(report) {
  const waiting = [...checks];
  /** @type {CheckResult[]} */
  const results = [];
  async function work() {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await runCheck(check);
      results.push(result);
      report(result);
    }
  }
  await Promise.all([work(), work()]);
  return results;
}

/**
 * @param {Check} check
 * @returns {Promise<CheckResult>}
 */
async function runCheck({ name, command, args }) {
  const startedAt = Date.now();
  const { code, output } = await run(command, args);
  return { name, ok: code === 0, took: seconds(startedAt), output };
}
