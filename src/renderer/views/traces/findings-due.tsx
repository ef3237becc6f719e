/** Says that the findings of some traces are not known yet, so that a filter by them is not taken for complete. */
import { formatCount } from '../../widgets/format.ts';

export function FindingsDue({ count, className }: { readonly count: number; readonly className?: string | undefined }) {
  if (count === 0) return null;
  return (
    <p className={className} role="status">
      Findings of {count === 1 ? 'one trace' : `${formatCount(count)} traces`} are still being looked for.
    </p>
  );
}
