/**
 * How well somebody (a reviewer, a detector, a judge) names the agent that is to blame and the decisive step, as Who&When
 * counts it (Zhang et al. 2025): each share is of all items.
 */

/** `step` counts from 0; null = nothing was named. */
export type Attribution = { readonly agent: string | null; readonly step: number | null };

export type AttributionAccuracy = {
  readonly items: number;
  readonly agent: number | null;
  readonly step: number | null;
  /** The step at most `tolerance` away. */
  readonly stepWithin: number | null;
  /** Agent and exact step. */
  readonly both: number | null;
};

/** `told[i]` and `truth[i]` are about one item. */
export function attributionAccuracy(
  told: readonly Attribution[],
  truth: readonly Attribution[],
  tolerance: number,
): AttributionAccuracy {
  const items = Math.min(told.length, truth.length);
  const share = (holds: (one: Attribution, other: Attribution) => boolean): number | null => {
    if (items === 0) return null;
    let count = 0;
    for (let k = 0; k < items; k++) {
      const [one, other] = [told[k], truth[k]];
      if (one && other && holds(one, other)) count++;
    }
    return count / items;
  };
  const agent = (one: Attribution, other: Attribution) => one.agent !== null && one.agent === other.agent;
  const within = (most: number) => (one: Attribution, other: Attribution) =>
    one.step !== null && other.step !== null && Math.abs(one.step - other.step) <= most;
  return {
    items,
    agent: share(agent),
    step: share(within(0)),
    stepWithin: share(within(tolerance)),
    both: share((one, other) => agent(one, other) && within(0)(one, other)),
  };
}
