/** Boxes of a flame chart in words. */
import { formatDuration } from '#shared/time.ts';
import type { Weight } from '../../../../charts/flame/left-heavy.ts';
import { KIND_LABELS } from '../../../../theme/kind-icon.tsx';
import { formatCompact, formatCost, formatCount } from '../../../../widgets/format.ts';
import { readRow } from '../../model/span-table.ts';
import { spanName } from './flame-paint.ts';
import type { FlameScene, Folded } from './scene.ts';

export const WEIGHT_LABELS: Readonly<Record<Weight, string>> = {
  time: 'Time',
  tokens: 'Tokens',
  cost: 'Cost',
  calls: 'Calls',
};

export function weightText(weight: Weight, value: number): string {
  switch (weight) {
    case 'time':
      return formatDuration(value);
    case 'tokens':
      return `${formatCompact(value)} tokens`;
    case 'cost':
      return formatCost(value);
    case 'calls':
      return value === 1 ? '1 call' : `${formatCount(value)} calls`;
  }
}

export function share(part: number, whole: number): string {
  if (!(whole > 0)) return '–';
  const percent = (part / whole) * 100;
  if (percent === 0) return '0 %';
  return percent < 0.1 ? '<0.1 %' : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** "search, tool call of Planner, 1.2 s, level 3, failed": what is read aloud when the keyboard comes to a box. */
export function boxSentence(scene: FlameScene, owner: number, level: number): string {
  const span = readRow(scene.table, scene.face[owner] ?? -1);
  if (!span) return '';
  const count = scene.counts[owner] ?? 1;
  const failed = scene.failed[owner] ?? 0;
  const parts = [
    spanName(span.name),
    `${KIND_LABELS[span.kind].toLowerCase()}${span.agent === '' ? '' : ` of ${spanName(span.agent)}`}`,
    count > 1 ? `${formatCount(count)} spans` : '',
    ...(scene.folded ? foldedWords(scene.folded, owner) : [lengthOf(scene, owner)]),
    `level ${level + 1}`,
    failed > 0 ? (count > 1 ? `${formatCount(failed)} failed` : 'failed') : '',
    span.status === 'running' ? 'still running' : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function foldedWords({ weight, weighed }: Folded, node: number): string[] {
  const total = weighed.total[node] ?? 0;
  return [
    `${weightText(weight, total)} in all, ${share(total, weighed.sum)}`,
    `${weightText(weight, weighed.self[node] ?? 0)} itself`,
  ];
}

function lengthOf({ table }: FlameScene, row: number): string {
  const times = table.times();
  if (!times.timed) return `step ${formatCount((times.start[row] ?? 0) + 1)}`;
  const start = times.start[row] ?? 0;
  const unknown = Number.isNaN(table.columns.start[row] ?? NaN);
  return unknown
    ? 'no start recorded'
    : `${formatDuration((times.end[row] ?? start) - start)} from ${formatDuration(start)}`;
}

/** What the width of the folded boxes means, and how it goes with the trace as a whole. */
export function foldedNote({ weight, weighed }: Folded, wallNs: number, spans: number): string {
  const sum = weightText(weight, weighed.sum);
  switch (weight) {
    case 'time': {
      const wall = formatDuration(wallNs);
      const over = weighed.sum > wallNs * 1.001;
      return `Own time of ${formatCount(spans)} spans, ${sum} in all; the trace took ${wall}${over ? ': what ran at the same time counts for each' : ''}.`;
    }
    case 'tokens':
      return `${sum} in and out, each counted where it was used.`;
    case 'cost':
      return `${sum}, each amount counted where it was spent.`;
    case 'calls':
      return `${formatCount(spans)} spans, each counted once.`;
  }
}
