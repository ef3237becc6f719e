/** What an eval says of a criterion, apart from how its grader grades. */
import type { Json, JsonObject } from '#shared/json.ts';
import { numberOf } from './types.ts';

export type CriterionOf = {
  readonly definition: JsonObject;
  /** Null where there is none, and where it is none. */
  readonly threshold: number | null;
  readonly weight: number;
};

export function criterionOf(each: JsonObject, at: number): CriterionOf {
  const { threshold, weight, id: _id, ...grader } = each;
  return {
    definition: typeof grader.name === 'string' ? grader : { ...grader, name: `Criterion ${at + 1}` },
    threshold: shareOf(threshold),
    weight: weightOf(weight),
  };
}

export function shareOf(value: Json | undefined): number | null {
  const share = numberOf(value);
  return share !== null && share >= 0 && share <= 1 ? share : null;
}

export function weightOf(value: Json | undefined): number {
  const weight = numberOf(value);
  return weight !== null && weight >= 0 ? weight : 1;
}
