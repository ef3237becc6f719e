/** What people say of whole traces, as pass or fail: what the verdicts of a grader are held against. */
import type { HumanSource } from '#shared/flips.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { counting } from '#shared/taxonomy.ts';
import type { HumanRow } from '../store/human-labels.ts';

/**
 * By trace: pass, fail, or disputed. Of verdicts the last one of each annotator counts, and most of them decide. Of a
 * category, a trace that has it anywhere fails, and one that people labelled otherwise passes.
 */
export function humanLabels(
  rows: readonly HumanRow[],
  source: HumanSource,
  taxonomies: readonly Taxonomy[],
): ReadonlyMap<string, 'pass' | 'fail' | 'disputed'> {
  return source.kind === 'verdict' ? byVerdict(rows) : byCategory(rows, source, taxonomies);
}

function byVerdict(rows: readonly HumanRow[]): ReadonlyMap<string, 'pass' | 'fail' | 'disputed'> {
  const said = new Map<string, Map<string, boolean>>();
  for (const { traceId, annotator, kind, place, passed } of rows) {
    if (kind !== 'verdict' || place !== 'trace' || passed === null) continue;
    const of = said.get(traceId) ?? new Map<string, boolean>();
    of.set(annotator ?? '', passed);
    said.set(traceId, of);
  }
  return new Map(
    [...said].map(([traceId, votes]) => {
      const passes = [...votes.values()].filter(Boolean).length;
      const fails = votes.size - passes;
      return [traceId, passes === fails ? 'disputed' : passes > fails ? 'pass' : 'fail'] as const;
    }),
  );
}

function byCategory(
  rows: readonly HumanRow[],
  { taxonomy: id, category }: Extract<HumanSource, { kind: 'category' }>,
  taxonomies: readonly Taxonomy[],
): ReadonlyMap<string, 'pass' | 'fail'> {
  const taxonomy = taxonomies.find((each) => each.id === id);
  const countedAs = taxonomy ? counting(taxonomy) : (spelling: string) => spelling;
  const code = countedAs(category);
  const labels = new Map<string, 'pass' | 'fail'>();
  for (const { traceId, taxonomy: of, category: spelling } of rows) {
    const fails = of === id && spelling !== null && countedAs(spelling) === code;
    if (fails || !labels.has(traceId)) labels.set(traceId, fails ? 'fail' : 'pass');
  }
  return labels;
}
