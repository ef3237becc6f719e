/** How a definition works, its inner graders included: what asks a model anywhere asks a model. */
import type { GraderKindInfo, GraderRuns } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

const ORDER: readonly GraderRuns[] = ['pure', 'code', 'endpoint'];
const DEEPEST = 4;

export function runsOf(definition: Json, kinds: readonly GraderKindInfo[], depth = 0): GraderRuns {
  if (!isJsonObject(definition) || depth > DEEPEST) return 'pure';
  const own = kinds.find(({ type }) => type === definition.type)?.runs ?? 'pure';
  // The embedding metric of text_similarity is the one option that asks a model in a kind that else asks none.
  const embeds = definition.type === 'text_similarity' && definition.evaluation_metric === 'cosine';
  const { graders } = definition;
  const inner: readonly Json[] = Array.isArray(graders)
    ? graders
    : isJsonObject(graders)
      ? typeof graders.type === 'string'
        ? [graders]
        : Object.values(graders)
      : [];
  const all = [own, embeds ? 'endpoint' : 'pure', ...inner.map((each) => runsOf(each, kinds, depth + 1))] as const;
  return all.reduce<GraderRuns>((most, each) => (ORDER.indexOf(each) > ORDER.indexOf(most) ? each : most), 'pure');
}
