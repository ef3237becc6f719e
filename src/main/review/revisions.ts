/**
 * Annotations as sets of revisions that are never changed: each names those that it replaces. Two sets are merged by
 * union, so that any order, grouping and repetition of merges gives the same annotations (a semilattice), and nothing that
 * somebody wrote is ever lost: where two people edited the same revision, both results stand until somebody decides.
 */
import { hash as digest } from 'node:crypto';
import type { AnnotationState, Revision } from '#shared/annotation.ts';
import { canonicalJson } from '#shared/canonical-json.ts';

export type Resolved = {
  /** What is shown; null = removed. In a conflict the latest head, and no removal as long as one head is none. */
  readonly state: AnnotationState | null;
  /** Revisions that nothing replaces: more than one is a conflict. Latest first. */
  readonly heads: readonly string[];
  /** Who began it, and when; of several beginnings the earliest. */
  readonly author: string | null;
  readonly createdAt: number;
  /** Of the shown head; null as long as nobody said anything beyond what came with the data. */
  readonly editor: string | null;
  readonly editedAt: number | null;
  /** Exact, where it came with the data. */
  readonly imported: Revision['imported'] | null;
};

export function hashRevision(revision: Revision): string {
  return hashText(canonicalJson(revision));
}

/** 128 bits of SHA-256 over the canonical text, in hex. */
export function hashText(canonical: string): string {
  return digest('sha256', canonical, 'hex').slice(0, 32);
}

/** One annotation from all its revisions, keyed by hash. Null when there are none. */
export function resolve(revisions: ReadonlyMap<string, Revision>): Resolved | null {
  const replaced = new Set<string>();
  for (const { parents } of revisions.values()) for (const parent of parents) replaced.add(parent);
  const left = [...revisions].filter(([hash]) => !replaced.has(hash));
  // What somebody said counts before what the data said, also where the data was read anew in other words.
  const said = left.filter(([, { imported }]) => !imported);
  const heads = (said.length > 0 ? said : left).sort(latestFirst);
  const shown = heads.find(([, { state }]) => state !== null) ?? heads[0];
  const first = [...revisions].sort(latestFirst).findLast(([, { parents }]) => parents.length === 0) ?? heads.at(-1);
  if (!shown || !first) return null;
  return {
    state: shown[1].state,
    heads: heads.map(([hash]) => hash),
    author: first[1].author,
    createdAt: first[1].madeAt,
    editor: shown[1].imported ? null : shown[1].author,
    editedAt: shown[1].imported ? null : shown[1].madeAt,
    imported: first[1].imported ?? null,
  };
}

/** A conflict is between different words: two who made the same edit agree. */
export function isConflict(heads: readonly Revision[]): boolean {
  return heads.length > 1 && new Set(heads.map(({ state }) => canonicalJson(state))).size > 1;
}

function latestFirst([a, one]: readonly [string, Revision], [b, other]: readonly [string, Revision]): number {
  return other.madeAt - one.madeAt || (a < b ? -1 : a > b ? 1 : 0);
}
