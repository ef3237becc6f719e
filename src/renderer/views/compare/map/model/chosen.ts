/** What the engine is asked for, and what groups are called. */
import type { BehaviourGroup } from '#shared/behaviour.ts';
import type { Args } from '#shared/rpc/contract.ts';
import { displayName } from '../../../../charts/graph/wording.ts';
import type { Chosen } from '../../../../state/behaviour-place.ts';

/** `nameOf` gives the name of an eval run. */
export function mapArgs(chosen: Chosen, nameOf: (runId: string) => string): Args<'behaviour.map'> {
  const split = chosen.split ? { split: true } : {};
  return { groups: groupsOf(chosen, nameOf), ...split };
}

function groupsOf(chosen: Chosen, nameOf: (runId: string) => string): readonly BehaviourGroup[] {
  switch (chosen.kind) {
    case 'runs':
      return chosen.runIds.map((runId) => ({ label: nameOf(runId), source: { kind: 'run', runId } }));
    case 'traces':
      return [{ label: 'Selected traces', source: { kind: 'traces', traceIds: chosen.traceIds } }];
    case 'search':
      return chosen.queries.map((query) => ({
        label: query === '' ? 'All traces' : query,
        source: { kind: 'query', query },
      }));
  }
}

/** Short enough for a legend. */
export function shortLabel(label: string): string {
  const name = displayName(label);
  const letters = [...name];
  return letters.length > 40 ? `${letters.slice(0, 39).join('')}…` : name;
}
