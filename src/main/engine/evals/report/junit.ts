/**
 * JUnit XML, as build servers read it: one suite per criterion, one case per item. An item to which a criterion does not
 * apply is skipped; one that errored is an error, not a failure.
 */
import type { Grade } from '#shared/grader.ts';
import type { RunCriterion, RunItem } from '#shared/eval.ts';
import { itemName, printable, shortened, titleOf, type RunReport } from './report.ts';

const LONGEST_NAME = 200;
const LONGEST_TEXT = 4_000;

export function* junitReport({ run, figures, gate, items }: RunReport): Generator<string> {
  const { counts } = run;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  const sum = (of: (criterion: RunCriterion) => number): number =>
    run.criteria.reduce((total, criterion) => total + of(criterion), 0);
  yield `<testsuites name=${attribute(titleOf(run))} tests="${counts.total * run.criteria.length}" failures="${sum(({ failed }) => failed)}" errors="${sum(({ errored }) => errored)}">\n`;
  for (const [at, criterion] of run.criteria.entries()) {
    const of = figures[at];
    const checks = gate.checks.filter((check) => check.criterion === criterion.name);
    const { passed, failed, errored, notApplicable } = criterion;
    const skipped = counts.total - passed - failed - errored - neutralOf(criterion, of?.n ?? 0);
    yield `  <testsuite name=${attribute(criterion.name)} tests="${counts.total}" failures="${failed}" errors="${errored}" skipped="${skipped}"${timestamp(run.startedAt ?? run.createdAt)}>\n`;
    yield '    <properties>\n';
    const properties: readonly (readonly [string, string])[] = [
      ['run', run.id],
      ['grader.type', criterion.definition.type],
      ['grader.version', criterion.versionHash],
      ['passed', String(passed)],
      ['failed', String(failed)],
      ['errored', String(errored)],
      ['not_applicable', String(notApplicable)],
      ...(of && of.value !== null
        ? ([
            [of.measure === 'pass rate' ? 'pass_rate' : 'mean_score', String(of.value)],
            ...(of.range
              ? ([
                  ['ci95_low', String(of.range.low)],
                  ['ci95_high', String(of.range.high)],
                ] as const)
              : []),
          ] as const)
        : []),
      ...(criterion.threshold === null ? [] : ([['threshold', String(criterion.threshold)]] as const)),
      ...(checks.length === 0
        ? []
        : ([['gate', checks.every(({ holds }) => holds) ? 'holds' : 'does not hold']] as const)),
      ...checks.map(({ kind, says }) => [`gate.${kind}`, says] as const),
    ];
    for (const [name, value] of properties)
      yield `      <property name=${attribute(name)} value=${attribute(value)}/>\n`;
    yield '    </properties>\n';
    for (const item of items()) yield testCase(item, at, criterion.name);
    yield '  </testsuite>\n';
  }
  const whole = gate.checks.filter(({ criterion }) => criterion === '');
  if (whole.length > 0) {
    const broken = whole.filter(({ holds }) => !holds).length;
    yield `  <testsuite name="gate" tests="${whole.length}" failures="${broken}" errors="0" skipped="0">\n`;
    for (const { kind, holds, says } of whole)
      yield holds
        ? `    <testcase classname="gate" name=${attribute(kind)}/>\n`
        : `    <testcase classname="gate" name=${attribute(kind)}><failure message=${attribute(says)}/></testcase>\n`;
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

/** Those of a neutral criterion have no pass or fail, and are no skipped ones. */
function neutralOf({ passed, failed, mean }: RunCriterion, scored: number): number {
  return passed + failed === 0 && mean !== null ? scored : 0;
}

function testCase({ row, grades }: RunItem, at: number, criterion: string): string {
  const grade = grades[at] ?? null;
  const verdict = row.results[at] ?? null;
  const name = attribute(shortened(itemName(row), LONGEST_NAME));
  const time = grade ? ` time="${(Math.max(0, grade.durationMs) / 1_000).toFixed(3)}"` : '';
  const start = `    <testcase classname=${attribute(criterion)} name=${name}${time}`;
  const inside = outcome(verdict, grade);
  if (inside === '') return `${start}/>\n`;
  const out =
    verdict?.passed === false || verdict?.status === 'errored' ? `<system-out>${cdata(about(row))}</system-out>` : '';
  return `${start}>${inside}${out}</testcase>\n`;
}

function outcome(verdict: RunItem['row']['results'][number], grade: Grade | null): string {
  if (verdict === null) return '<skipped message="Not graded yet."/>';
  if (verdict.status === 'not_applicable')
    return `<skipped message=${attribute(shortened(grade?.explanation || 'It does not apply.', LONGEST_TEXT))}/>`;
  const [error] = grade?.errors ?? [];
  if (verdict.status === 'errored')
    return `<error type=${attribute(error?.flag ?? 'other_error')} message=${attribute(shortened(error?.message ?? 'It errored.', LONGEST_TEXT))}/>`;
  if (verdict.passed !== false) return '';
  const score = verdict.score === null ? '' : `score ${verdict.score}`;
  const label = verdict.label === null ? '' : `label ${verdict.label}`;
  const message = [score, label].filter((part) => part !== '').join(', ') || 'failed';
  return `<failure message=${attribute(message)}>${cdata(shortened(grade?.explanation ?? '', LONGEST_TEXT))}</failure>`;
}

function about({ traceId, title }: RunItem['row']): string {
  return [...(traceId === null ? [] : [`trace ${traceId}`]), ...(title === '' ? [] : [title])].join('\n');
}

function timestamp(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : ` timestamp="${date.toISOString()}"`;
}

function attribute(text: string): string {
  const safe = printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`);
  return `"${safe}"`;
}

/** The end mark of CDATA is cut in two. */
function cdata(text: string): string {
  return `<![CDATA[${printable(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
