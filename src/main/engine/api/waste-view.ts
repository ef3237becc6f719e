/** What of a trace was for nothing: analysis with the contents of its spans. */
import type { TraceWaste } from '#shared/lanes.ts';
import { readWords } from '../../analysis/content-words.ts';
import type { CostEstimator } from '../../analysis/costs.ts';
import type { LaneFacts } from '../../analysis/lane-views.ts';
import { findWaste } from '../../analysis/waste.ts';
import type { Reader } from '../../store/database.ts';
import { readDetectorContents } from '../../store/detector-contents.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';

/** Contents over a bound are compared as a whole only; see `readDetectorContents`. */
export function wasteIn(
  reader: Reader,
  { traceKeys, spans }: { readonly traceKeys: readonly number[]; readonly spans: readonly StoredSpanFact[] },
  facts: LaneFacts,
  estimate: CostEstimator,
): TraceWaste {
  const stored = readDetectorContents(reader, traceKeys);
  const keys = new Set<number>();
  const contents = spans.map(({ spanKey }) => {
    const { input, output } = stored.of(spanKey);
    for (const key of input) keys.add(key);
    for (const key of output) keys.add(key);
    return input.length + output.length > 0 ? { input, output } : null;
  });
  const words = readWords([...keys].map((key) => [key, stored.item(key)] as const));
  return findWaste(facts, contents, words, estimate);
}
