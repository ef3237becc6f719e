/** Figures of a comparison as text, the same in sentences, reports and the terminal. */
import type { CriterionComparison } from '#shared/comparison.ts';

type Of = Pick<CriterionComparison, 'measure'>;

/** "58 %", "0.614" */
export function amountText({ measure }: Of, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return measure === 'pass rate' ? `${short(value * 100)} %` : decimal(value);
}

/** "+12 points", "−0.05" */
export function changeText({ measure }: Of, delta: number | null): string {
  if (delta === null || !Number.isFinite(delta)) return '–';
  const text = measure === 'pass rate' ? points(delta) : decimal(delta);
  return delta > 0 ? `+${text}` : text;
}

/** "−3 to 21 points" */
export function rangeText({ measure, range }: Pick<CriterionComparison, 'measure' | 'range'>): string {
  if (range === null) return '–';
  return measure === 'pass rate'
    ? `${short(range.low * 100)} to ${points(range.high)}`
    : `${decimal(range.low)} to ${decimal(range.high)}`;
}

/** "0.013", "< 0.001" */
export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : String(Number(p.toPrecision(p < 0.1 ? 2 : 3)));
}

/** "1 point", "12 points": of a percentage. */
export function points(share: number): string {
  const text = short(share * 100);
  return `${text} ${text === '1' || text === '−1' ? 'point' : 'points'}`;
}

/** One decimal at most. */
export function short(value: number): string {
  return minus(String(Number(value.toFixed(1))));
}

/** Three digits that say something, whatever the scale of the scores. */
export function decimal(value: number): string {
  return minus(String(Number(value.toPrecision(3))));
}

export function counted(count: number): string {
  return count.toLocaleString('en-US');
}

function minus(text: string): string {
  return text === '-0' ? '0' : text.replace(/^-/, '−');
}
