/**
 * Counts out of the test runners' JSON reports. A runner that ends badly without a failed test, or runs none, has failed once.
 * @typedef {{ passed: number, failed: number }} Counts
 */

/**
 * @param {string | null} report Vitest's JSON report, null when it wrote none
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function countVitest(report, code) {
  const parsed = parse(report);
  if (!parsed) return { passed: 0, failed: 1 };
  // A file that does not load has no tests to fail.
  const unloaded = asList(parsed.testResults).filter(
    (file) => file.status === 'failed' && !asList(file.assertionResults).some((test) => test.status === 'failed'),
  );
  return settle(
    { passed: number(parsed.numPassedTests), failed: number(parsed.numFailedTests) + unloaded.length },
    code,
  );
}

/**
 * @param {string | null} report Playwright's JSON report, null when it wrote none
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function countPlaywright(report, code) {
  const parsed = parse(report);
  if (!parsed) return { passed: 0, failed: 1 };
  const { expected, flaky, unexpected } = /** @type {Record<string, unknown>} */ (parsed.stats ?? {});
  return settle({ passed: number(expected) + number(flaky), failed: number(unexpected) }, code);
}

/**
 * Names of the tests that passed only when they were tried again, as `file › test`.
 * @param {string | null} report Playwright's JSON report, null when it wrote none
 * @returns {string[]}
 */
export function flakyTests(report) {
  /** @param {Record<string, unknown>} suite @returns {string[]} */
  function within({ file, specs, suites }) {
    const own = asList(specs).filter(({ tests }) => asList(tests).some(({ status }) => status === 'flaky'));
    return [...own.map(({ title }) => `${file} › ${title}`), ...asList(suites).flatMap(within)];
  }
  return asList(parse(report)?.suites).flatMap(within);
}

/**
 * @param {Counts} counts
 * @param {number} code
 * @returns {Counts}
 */
function settle({ passed, failed }, code) {
  const endedBadly = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: endedBadly ? 1 : failed };
}

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export function sum(counts) {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

/**
 * @param {string | null} text
 * @returns {Record<string, unknown> | null}
 */
function parse(text) {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>[]}
 */
function asList(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value */
function number(value) {
  return typeof value === 'number' ? value : 0;
}
