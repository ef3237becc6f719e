/** The figures as a table for a terminal and as a page of the documentation. */
import type { Benchmark, Figure } from '../figure.ts';
import { formatNumber } from '../figure.ts';
import type { Machine } from './machine.ts';

export type Report = {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  readonly failures: readonly { readonly id: string; readonly message: string }[];
};

const HEADINGS = ['what', 'measured', 'target', '', 'baseline', 'ratio'];

export function toTable(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells({ name, value, unit, target, met, baseline, ratio }: Figure): string[] {
  return [
    name,
    `${formatNumber(value)} ${unit}`,
    target,
    met === null ? '' : met ? 'met' : 'MISSED',
    baseline ? `${formatNumber(baseline.value)} ${baseline.unit} (${baseline.name})` : '—',
    ratio === null ? '—' : `× ${formatNumber(ratio)}`,
  ];
}

export function toMarkdown({ machine, figures, failures }: Report, benchmarks: readonly Benchmark[]): string {
  const missed = figures.filter((figure) => figure.met === false);
  const lines = [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --markdown docs/benchmarks.md`. Each figure stands beside a baseline from the same run; the ratio travels between machines, the absolute number does not.',
    '',
    `Measured on ${machine.date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}${machine.electron ? `, Electron ${machine.electron}` : ''}. Load of the last minute at the end: ${machine.load}.`,
    '',
    row(HEADINGS),
    row(HEADINGS.map(() => '---')),
    ...figures.map((figure) => row(cells(figure))),
    '',
    '## What was missed',
    '',
    ...(missed.length === 0 && failures.length === 0 ? ['Nothing.'] : []),
    ...missed.map(
      (figure) => `- ${figure.name}: ${formatNumber(figure.value)} ${figure.unit}, wanted ${figure.target}.`,
    ),
    ...failures.map((failure) => `- ${failure.id} did not run: ${failure.message.split('\n', 1)[0] ?? ''}`),
    '',
    '## How it was measured',
    '',
    ...benchmarks.map((benchmark) => `- **${benchmark.id}**: ${benchmark.method}`),
    '',
  ];
  return lines.join('\n');
}

function row(cellsOfRow: readonly string[]): string {
  return `| ${cellsOfRow.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}
