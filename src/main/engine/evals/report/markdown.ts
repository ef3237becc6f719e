/** A summary of a run for a pull request: the gate, a table of criteria, and the items that failed. */
import type { GateVerdict, RunItem } from '#shared/eval.ts';
import { rangeText, scoreText, valueText, inPercent } from './figures.ts';
import { itemName, printable, shortened, titleOf, type RunReport } from './report.ts';

const MOST_FAILED = 50;
const LONGEST_TITLE = 120;
const LONGEST_NAME = 80;
const LONGEST_WHY = 300;

export function* markdownReport(
  { run, figures, gate, items }: RunReport,
  baselineName: string | null,
): Generator<string> {
  const { counts } = run;
  yield `## ${verdictOf(gate)} ${inline(titleOf(run))}\n\n`;
  yield `${counts.passed} of ${counts.total} items passed, ${counts.failed} failed, ${counts.errored} errored`;
  yield `${counts.neither > 0 ? `, ${counts.neither} without pass or fail` : ''}${counts.done < counts.total ? `, ${counts.total - counts.done} not graded` : ''}.`;
  yield `${run.missing > 0 ? ` ${run.missing} examples have no trace.` : ''}${baselineName === null ? '' : ` Compared with ${inline(baselineName)}.`}\n\n`;
  yield '| Criterion | Result | 95 % interval | Items | Threshold | Errors | Gate |\n';
  yield '| --- | ---: | ---: | ---: | ---: | ---: | --- |\n';
  for (const [at, { name, threshold, errored }] of run.criteria.entries()) {
    const of = figures[at];
    const checks = gate.checks.filter(({ criterion }) => criterion === name);
    const said = checks.length === 0 ? '–' : checks.every(({ holds }) => holds) ? '✅ holds' : '❌ does not hold';
    yield `| ${[inline(name), of ? valueText(of) : '–', of ? rangeText(of) : '–', String(of?.n ?? 0), threshold === null ? '–' : `≥ ${inPercent(threshold)}`, String(errored), said].join(' | ')} |\n`;
  }
  yield '\n';
  const broken = gate.checks.filter(({ holds }) => !holds);
  if (broken.length > 0) {
    yield '**Why the gate does not hold**\n\n';
    for (const { criterion, says } of broken)
      yield `- ${criterion === '' ? '' : `${inline(criterion)}: `}${inline(says)}\n`;
    yield '\n';
  }
  let listed = 0;
  let more = 0;
  for (const item of items()) {
    const { status } = item.row;
    if (status !== 'failed' && status !== 'errored') continue;
    if (listed === MOST_FAILED) {
      more++;
      continue;
    }
    if (listed++ === 0) {
      yield `<details>\n<summary>Items that failed or errored</summary>\n\n`;
      yield '| Item | Trace | Criterion | Score | Why |\n| --- | --- | --- | ---: | --- |\n';
    }
    yield* rowsOf(item, run.criteria);
  }
  if (more > 0) yield `\n… and ${more} more.\n`;
  if (listed > 0) yield '\n</details>\n';
}

function verdictOf({ holds }: GateVerdict): string {
  return holds ? '✅' : '❌';
}

function* rowsOf({ row, grades }: RunItem, criteria: readonly { readonly name: string }[]): Generator<string> {
  for (const [at, { name }] of criteria.entries()) {
    const verdict = row.results[at];
    if (!verdict || (verdict.passed !== false && verdict.status !== 'errored')) continue;
    const grade = grades[at];
    const why = grade?.errors[0]?.message ?? grade?.explanation ?? '';
    const item = `${itemName(row)}${row.title === '' ? '' : `: ${row.title}`}`;
    yield `| ${[
      inline(shortened(item, LONGEST_TITLE)),
      row.traceId === null ? '–' : inline(row.traceId),
      inline(shortened(name, LONGEST_NAME)),
      verdict.status === 'errored' ? 'errored' : verdict.score === null ? '–' : scoreText(verdict.score),
      inline(shortened(why, LONGEST_WHY)),
    ].join(' | ')} |\n`;
  }
}

/** One line that is shown as it is: no markup, link, mention or issue reference of what a trace says comes to life. */
export function inline(text: string): string {
  return (
    printable(text)
      .replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\\`*_[\]|~$]/g, '\\$&')
      .replace(/^(?:[-+#>]|\d+[.)])/, '\\$&')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // Between the two a reader sees nothing, and no person is told and no issue linked.
      .replace(/[@#](?=\w)/g, '$&\u2060')
      .replace(/(https?|ftp|www)(?=:|\.)/gi, '$1\u2060')
  );
}
