import type { ScoreRow } from '#shared/trace.ts';

/** "0.75", "0.75 (good)", "good"; empty when it says only pass or fail. */
export function scoreValue({ value, label }: Pick<ScoreRow, 'value' | 'label'>): string {
  const number = value === null ? '' : String(Number(value.toPrecision(6)));
  const word = (label ?? '').trim();
  if (word === '' || word === number) return number;
  return number === '' ? word : `${number} (${word})`;
}

/** Who said so, as the file's format names itself. */
export function sourceWords(source: string): string {
  return source === '' ? 'with the data' : `with the data, from ${source.replaceAll('_', ' ').slice(0, 80)}`;
}
