import { run, seconds } from './processes.mjs';

/** @typedef {{ name: string, command: string, args: string[] }} Check */
/** @typedef {{ name: string, ok: boolean, took: string, output: string }} CheckResult */

// The longest first: they share two processors.
/** @type {Check[]} */
export const checks = [
  { name: 'lint', command: 'eslint', args: ['--max-warnings', '0', '.'] },
  ...['node', 'tests', 'renderer', 'preload', 'shared'].map((side) => ({
    name: `types of ${side}`,
    command: 'tsc',
    args: ['-p', `tsconfig.${side}.json`],
  })),
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
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
