/** What one criterion said of both sides of an item, in one element of text: ten thousand rows of icons do not scroll. */
import type { ComparedItems } from '#shared/comparison.ts';
import { scoreText } from '../../../grades/words.ts';
import { valuesAt } from './model/items.ts';
import { valueText } from './model/words.ts';
import styles from './items.module.css';

type Props = {
  readonly items: ComparedItems;
  readonly row: number;
  readonly criterion: number;
  readonly lessIsBetter: boolean;
  /** 1 and 0 are pass and fail. */
  readonly rate: boolean;
};

export function ItemValues({ items, row, criterion, lessIsBetter, rate }: Props) {
  const [a, b] = valuesAt(items, row, criterion);
  const same = a === b || (Number.isNaN(a) && Number.isNaN(b));
  const tone = same || Number.isNaN(a) || Number.isNaN(b) ? 'same' : b > a !== lessIsBetter ? 'fixed' : 'regressed';
  return (
    <span role="gridcell" className={styles.values} data-change={tone}>
      {same ? wordOf(a, rate) : `${wordOf(a, rate)} → ${wordOf(b, rate)}`}
    </span>
  );
}

function wordOf(value: number, rate: boolean): string {
  if (Number.isNaN(value)) return '–';
  if (!rate) return scoreText(value);
  return value === 1 ? 'pass' : value === 0 ? 'fail' : valueText(value, 'pass rate');
}
