/** The counts of an overview as one flat table, for spreadsheets. */
import type { FailureCount, Overview } from '#shared/overview.ts';

const HEAD = [
  'by',
  'taxonomy',
  'name',
  'second',
  'labels',
  'traces',
  'of',
  'share',
  'low',
  'high',
  'blamed',
  'acted',
  'elsewhere',
];

/** RFC 4180, UTF-8, one header line; a row per bar and per cell of the heat map. */
export function overviewCsv(found: Overview): string {
  const { categories, agents } = found;
  const rows: Cell[][] = [
    ['all', '', '', '', ...counts(found.failures)],
    ...categories.map(({ taxonomy, title, ...count }) => ['category', taxonomy, title, '', ...counts(count)]),
    ...agents.map(({ agent, blamed, acted, elsewhere, ...count }) => [
      'agent',
      '',
      agent,
      '',
      ...counts(count),
      blamed,
      acted,
      elsewhere,
    ]),
    ...found.heat.map(({ agent, category, labels }) => [
      'agent and category',
      categories[category]?.taxonomy ?? '',
      agents[agent]?.agent ?? '',
      categories[category]?.title ?? '',
      labels,
    ]),
    ...found.steps.map(({ step, labels, traces }) => ['step', '', step, '', labels, traces]),
    ...found.deciles.map(({ labels, traces }, tenth) => ['tenth of the trace', '', tenth + 1, '', labels, traces]),
    ...found.time.map(({ from, ...count }) => [found.period, '', from, '', ...counts(count)]),
    ...(found.untimed.traces.of > 0 ? [[found.period, '', 'without a time', '', ...counts(found.untimed)]] : []),
    ...found.workflows.map(({ workflow, ...count }) => ['workflow', '', workflow, '', ...counts(count)]),
  ];
  return [HEAD, ...rows].map((row) => `${HEAD.map((_, at) => quoted(row[at] ?? '')).join(',')}\r\n`).join('');
}

type Cell = string | number | null;

function counts({ labels, traces }: FailureCount): Cell[] {
  const { count, of, low, high } = traces;
  return [labels, count, of, of === 0 ? '' : count / of, low, high];
}

/** A name that a spreadsheet would take for a formula stands behind an apostrophe. */
function quoted(cell: string | number): string {
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
