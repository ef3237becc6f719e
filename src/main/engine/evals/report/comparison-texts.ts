/** A comparison for people and programs: Markdown for a pull request, JSON with everything, CSV of the items. */
import { itemJson, valueAt, type ComparisonReport } from './comparison-items.ts';
import { comparisonMarkdown } from './comparison-markdown.ts';
import { line } from './csv.ts';

export type ComparisonFormat = 'markdown' | 'json' | 'csv';

export function* comparisonTexts(report: ComparisonReport, format: ComparisonFormat): Generator<string> {
  if (format === 'markdown') yield* comparisonMarkdown(report);
  else if (format === 'json') yield* comparisonJson(report);
  else yield* comparisonCsv(report);
}

function* comparisonJson({ comparison, items }: ComparisonReport): Generator<string> {
  const { others, ...head } = comparison;
  yield `${JSON.stringify(head).slice(0, -1)},"others":[`;
  for (const [at, other] of others.entries()) {
    yield `${at === 0 ? '' : ','}\n${JSON.stringify(other).slice(0, -1)},"items":[`;
    const rows = items(other.run.id);
    for (let row = 0; row < rows.keys.length; row++)
      yield `${row === 0 ? '' : ','}\n${JSON.stringify(itemJson(rows, row))}`;
    yield ']}';
  }
  yield ']}\n';
}

function* comparisonCsv({ comparison, items }: ComparisonReport): Generator<string> {
  const names = [...new Set(comparison.others.flatMap(({ criteria }) => criteria.map(({ name }) => name)))];
  const head = ['baseline', 'run', 'key', 'title', 'change', 'trace_a', 'trace_b', 'trials_a', 'trials_b'];
  yield line([...head, ...names.flatMap((name) => [`${name} A`, `${name} B`, `${name} B - A`]), 'agents', 'tools']);
  for (const { run } of comparison.others) {
    const rows = items(run.id);
    const places = names.map((name) => rows.criteria.indexOf(name));
    for (let row = 0; row < rows.keys.length; row++) {
      const { key, title, change, traceA, traceB, trialsA, trialsB, agents, tools } = itemJson(rows, row);
      yield line([
        ...[comparison.baseline.name, run.name, key, title, change, traceA, traceB, trialsA, trialsB],
        ...places.flatMap((at) => {
          const [a, b] =
            at < 0 ? [null, null] : [rows.valuesA, rows.valuesB].map((from) => valueAt(rows, from, row, at));
          return [a ?? null, b ?? null, typeof a === 'number' && typeof b === 'number' ? b - a : null];
        }),
        agents.join(', '),
        tools.join(', '),
      ]);
    }
  }
}
