import type { CostBasis } from '#shared/prices.ts';
import type { CostOf } from './cost-title.ts';
import { usePriceBook } from '../data/prices.ts';
import { costTitle } from './cost-title.ts';
import { formatCost } from './format.ts';
import styles from './money.module.css';

type Props = {
  /** USD; null = not known. */
  readonly usd: number | null;
  readonly basis: CostBasis | null;
  /** What it is the cost of, for the tooltip of an estimate. */
  readonly of?: CostOf;
};

/** Every amount of money in the app: one that is estimated, in whole or in part, looks so and says from what. */
export function Money({ usd, basis, of }: Props) {
  if (usd === null || basis === null) return <span title="No cost is stated, and its model has no price">–</span>;
  if (basis === 'stated') return <span title="Cost, as the source states it">{formatCost(usd)}</span>;
  return <Estimate usd={usd} basis={basis} of={of ?? null} />;
}

function Estimate({ usd, basis, of }: { usd: number; basis: CostBasis; of: CostOf | null }) {
  const book = usePriceBook();
  const text = formatCost(usd);
  return (
    <span className={styles.estimate} data-basis={basis} title={costTitle(usd, basis, of, book)}>
      {!text.startsWith('<') && <span aria-hidden>≈</span>}
      <span className="visually-hidden">estimated </span>
      {text}
    </span>
  );
}
