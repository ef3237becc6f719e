import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, flakyTests, sum } from './results.mjs';

describe('countVitest', () => {
  it('counts passed and failed tests', () => {
    expect(countVitest('{"numPassedTests":7,"numFailedTests":2,"testResults":[]}', 1)).toEqual({
      passed: 7,
      failed: 2,
    });
  });

  it('counts a file that does not load as one failure', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    const report = JSON.stringify({ numPassedTests: 1, numFailedTests: 1, testResults });
    expect(countVitest(report, 1)).toEqual({ passed: 1, failed: 2 });
  });

  it('fails once when the runner crashed, ended badly or ran nothing', () => {
    expect(countVitest(null, 139)).toEqual({ passed: 0, failed: 1 });
    expect(countVitest('{"numPassedTests":7,"numFailedTests":0}', 1)).toEqual({ passed: 7, failed: 1 });
    expect(countVitest('{"numPassedTests":0,"numFailedTests":0}', 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('countPlaywright', () => {
  it('counts a test that passed on a second try as passed', () => {
    expect(countPlaywright('{"stats":{"expected":3,"flaky":1,"unexpected":2,"skipped":5}}', 1)).toEqual({
      passed: 4,
      failed: 2,
    });
  });

  it('fails once when nothing ran', () => {
    expect(countPlaywright('{"stats":{"expected":0,"flaky":0,"unexpected":0}}', 0)).toEqual({ passed: 0, failed: 1 });
    expect(countPlaywright('', 1)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('flakyTests', () => {
  it('names what passed on a second try, also inside a group', () => {
    const specs = [
      { title: 'opens', tests: [{ status: 'expected' }] },
      { title: 'closes', tests: [{ status: 'flaky' }] },
    ];
    const group = { title: 'a group', file: 'a.test.ts', specs: [{ title: 'folds', tests: [{ status: 'flaky' }] }] };
    const report = JSON.stringify({ suites: [{ title: 'a.test.ts', file: 'a.test.ts', specs, suites: [group] }] });
    expect(flakyTests(report)).toEqual(['a.test.ts › closes', 'a.test.ts › folds']);
  });

  it('names nothing without a report', () => {
    expect(flakyTests(null)).toEqual([]);
    expect(flakyTests('{"suites":[]}')).toEqual([]);
  });
});

it('adds stages up', () => {
  expect(
    sum([
      { passed: 1, failed: 0 },
      { passed: 2, failed: 3 },
    ]),
  ).toEqual({ passed: 3, failed: 3 });
});
