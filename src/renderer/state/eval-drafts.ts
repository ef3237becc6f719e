/** Evals on their way: what was edited and is not saved, each with its own undo. Kept while the window lives. */
import { create } from 'zustand';
import type { EvalDefinition } from '#shared/eval.ts';
import { go } from './place.ts';

export type EvalDraft = {
  /** Oldest first; `at` is the one on show. */
  readonly steps: readonly EvalDefinition[];
  readonly at: number;
  /** As the engine has it; null = never saved. */
  readonly saved: EvalDefinition | null;
  /** Edits of one field soon after each other are one step of undo. */
  readonly field: string | null;
  readonly editedAt: number;
};

/** Key of the eval that is not saved yet; others are keyed by their id. */
export const NEW_EVAL = 'new';

const MOST_STEPS = 200;
/** Milliseconds. */
const SAME_STEP = 1_200;

export const EMPTY_EVAL: EvalDefinition = {
  name: '',
  criteria: [],
  source: { kind: 'filter', query: '' },
  sample: null,
  metadata: {},
};

export const useEvalDrafts = create<{ readonly drafts: Readonly<Record<string, EvalDraft>> }>()(() => ({ drafts: {} }));

export function beginEvalDraft(definition: EvalDefinition, saved: EvalDefinition | null): EvalDraft {
  return { steps: [definition], at: 0, saved, field: null, editedAt: 0 };
}

export function definitionOf(draft: EvalDraft): EvalDefinition {
  return draft.steps[draft.at] ?? EMPTY_EVAL;
}

/** `field` names what was edited; null = a step of its own. */
export function editedEval(draft: EvalDraft, next: EvalDefinition, field: string | null, now: number): EvalDraft {
  if (sameEval(next, definitionOf(draft))) return draft;
  const joins = field !== null && draft.field === field && now - draft.editedAt < SAME_STEP && draft.at > 0;
  const from = joins ? 0 : Math.max(0, draft.at + 2 - MOST_STEPS);
  const kept = draft.steps.slice(from, joins ? draft.at : draft.at + 1);
  return { ...draft, steps: [...kept, next], at: kept.length, field, editedAt: now };
}

export function steppedEval(draft: EvalDraft, by: -1 | 1): EvalDraft {
  const at = Math.min(Math.max(draft.at + by, 0), draft.steps.length - 1);
  return at === draft.at ? draft : { ...draft, at, field: null };
}

export function isEvalChanged(draft: EvalDraft): boolean {
  return draft.saved === null || !sameEval(definitionOf(draft), draft.saved);
}

/** By what they say, not by how their fields are ordered. */
export function sameEval(a: EvalDefinition, b: EvalDefinition): boolean {
  return said(a) === said(b);
}

function said({ name, criteria, source, sample, metadata }: EvalDefinition): string {
  return JSON.stringify([
    name,
    criteria.map(({ graderId, versionHash, threshold, weight }) => [graderId, versionHash, threshold, weight]),
    source.kind === 'traces'
      ? ['traces', source.traceIds]
      : source.kind === 'filter'
        ? ['filter', source.query]
        : ['dataset', source.datasetId, source.version, source.query, Object.entries(source.link).sort()],
    sample ? [sample.limit, sample.seed] : null,
    Object.entries(metadata).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

/** The definition alone, of a row or of what else holds one. */
export function bareEval({ name, criteria, source, sample, metadata }: EvalDefinition): EvalDefinition {
  return { name, criteria, source, sample: sample ?? null, metadata };
}

export function setEvalDraft(key: string, draft: EvalDraft): void {
  useEvalDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: draft } }));
}

export function dropEvalDraft(key: string): void {
  useEvalDrafts.setState(({ drafts }) => ({
    drafts: Object.fromEntries(Object.entries(drafts).filter(([each]) => each !== key)),
  }));
}

/** Opens the page of an eval that nobody has saved; what was begun before is one undo away. */
export function openNewEval(definition: EvalDefinition = EMPTY_EVAL): void {
  const before = useEvalDrafts.getState().drafts[NEW_EVAL];
  setEvalDraft(
    NEW_EVAL,
    before ? editedEval(before, bareEval(definition), null, Date.now()) : beginEvalDraft(bareEval(definition), null),
  );
  go({ view: 'evals', tab: 'evals', span: NEW_EVAL, of: [], q: '' });
}
