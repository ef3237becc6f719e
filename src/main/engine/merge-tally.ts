/** Counts over the bodies of an import what came of annotations that other people made: each annotation and trace once. */
import { hash } from 'node:crypto';
import type { MergeReport } from '#shared/rpc/contract.ts';
import type { Merged, MergedAnnotation } from '../ingest/merge-revisions.ts';

export type MergeTally = { readonly add: (merged: Merged) => void; readonly report: () => MergeReport | null };

export function createMergeTally(): MergeTally {
  // As numbers: millions of names would be hundreds of megabytes.
  const annotations = new Set<number>();
  const conflicts = new Set<number>();
  const waitingTraces = new Set<string>();
  let revisions = 0;
  let waiting = 0;
  let any = false;
  return {
    add(merged) {
      any = true;
      revisions += merged.revisions;
      waiting += merged.waiting;
      for (const each of merged.annotations) {
        const key = numberOf(each);
        annotations.add(key);
        // A later body may decide what an earlier one left open.
        conflicts.delete(key);
      }
      for (const each of merged.conflicts) conflicts.add(numberOf(each));
      for (const traceId of merged.waitingTraces) waitingTraces.add(traceId);
    },
    report: () =>
      any
        ? {
            revisions,
            annotations: annotations.size,
            conflicts: conflicts.size,
            waiting,
            waitingTraces: waitingTraces.size,
          }
        : null,
  };
}

/** 48 bits of a hash: two of a million annotations are the same one with odds of one in 500. */
function numberOf(annotation: MergedAnnotation): number {
  return Number.parseInt(hash('sha256', JSON.stringify(annotation), 'hex').slice(0, 12), 16);
}
