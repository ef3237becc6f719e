/** Figures as people read them. */
import type { Interval } from '#shared/agreement.ts';
import type { FailureCount, ShareOf } from '#shared/overview.ts';
import { formatCount } from '../../widgets/format.ts';

export function count(value: number, one: string): string {
  return `${formatCount(value)} ${one}${value === 1 ? '' : 's'}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "10 of 29 traces, 34 % (20–53)" */
export function shareWords({ count: some, of, low, high }: ShareOf): string {
  if (of === 0) return 'no traces';
  return `${formatCount(some)} of ${count(of, 'trace')}, ${percent(some / of)} (${Math.round(low * 100)}–${Math.round(high * 100)})`;
}

export function barWords({ labels, traces }: FailureCount): string {
  return `${count(labels, 'label')} in ${shareWords(traces)}`;
}

/** "0.80 (0.52–1.00)"; "–" where it is undefined. */
export function figure(value: number | null, ci: Interval | null): string {
  if (value === null) return '–';
  return ci === null ? value.toFixed(2) : `${value.toFixed(2)} (${ci[0].toFixed(2)} to ${ci[1].toFixed(2)})`;
}

/** "90 % (75 to 100)" */
export function percentFigure(value: number | null, ci: Interval | null): string {
  if (value === null) return '–';
  return ci === null ? percent(value) : `${percent(value)} (${Math.round(ci[0] * 100)} to ${Math.round(ci[1] * 100)})`;
}

/** "Ann and Ben", "Ann, Ben and 2 others" */
export function people(names: readonly string[]): string {
  const [last] = names.slice(-1);
  if (names.length <= 1) return last ?? '';
  if (names.length <= 3) return `${names.slice(0, -1).join(', ')} and ${last ?? ''}`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
}
