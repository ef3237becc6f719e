/** Figures of a flip preview in words. */
import type { Estimate, FlipCounts, ShareFigure } from '#shared/flips.ts';
import { formatCount } from '../../../widgets/format.ts';

export function percent(share: number): string {
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}

/** "83.3 %", with "5 of 6, 95 % interval 43.6 to 97.0 %" to it. */
export function shareText(share: ShareFigure | null): { readonly value: string; readonly interval: string } {
  if (share === null) return NONE;
  return {
    value: percent(share.count / share.of),
    interval: `${formatCount(share.count)} of ${formatCount(share.of)} · ${range(share, percent)}`,
  };
}

export function estimateText(
  estimate: Estimate | null,
  write: (value: number) => string = (value) => value.toFixed(2),
): { readonly value: string; readonly interval: string } {
  if (estimate === null) return NONE;
  return {
    value: write(estimate.value),
    interval: estimate.interval ? range(estimate.interval, write) : 'no interval',
  };
}

const NONE = { value: '–', interval: '' } as const;

function range(
  { low, high }: { readonly low: number; readonly high: number },
  write: (value: number) => string,
): string {
  return `${write(low).replace(' %', '')} to ${write(high)}`;
}

/** "6 pass → fail, 2 fail → pass"; '' = nothing flips. */
export function flipWords(counts: FlipCounts): string {
  return [
    [counts.passToFail, 'pass → fail'],
    [counts.failToPass, 'fail → pass'],
    [counts.toErrored, '→ error'],
    [counts.toNotApplicable, '→ not applicable'],
    [counts.toVerdict, 'other changes'],
  ]
    .flatMap(([count, words]) => (count === 0 ? [] : [`${formatCount(Number(count))} ${String(words)}`]))
    .join(', ');
}
