/**
 * Graders on their way: what was typed in the editor and is not saved, each with its own undo. The text of the JSON is the
 * one truth; the form reads it and writes it. Kept while the window lives, so that going elsewhere loses nothing.
 */
import { create } from 'zustand';
import type { GraderDefinition } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { readJsonText, type JsonText } from '#shared/json-text.ts';
import { go } from './place.ts';

export type GraderDraft = {
  /** Texts, oldest first; `at` is the one on show. */
  readonly texts: readonly string[];
  readonly at: number;
  /** As it stands in the newest version; '' = never saved. */
  readonly saved: string;
  /** What the last edit was made in: edits of one field soon after each other are one step of undo. */
  readonly field: string | null;
  readonly editedAt: number;
  /** The trace or span that it was made from stands first on the bench. */
  readonly from: { readonly traceId: string; readonly spanId: string | null } | null;
};

/** Key of the grader that is not saved yet; others are keyed by their id. */
export const NEW_GRADER = 'new';

const MOST_STEPS = 500;
/** Milliseconds. */
const SAME_STEP = 1_200;

export const useGraderDrafts = create<{ readonly drafts: Readonly<Record<string, GraderDraft>> }>()(() => ({
  drafts: {},
}));

export function beginDraft(text: string, saved: string, from: GraderDraft['from'] = null): GraderDraft {
  return { texts: [text], at: 0, saved, field: null, editedAt: 0, from };
}

export function textOf(draft: GraderDraft): string {
  return draft.texts[draft.at] ?? '';
}

export function printDefinition(definition: Json): string {
  return JSON.stringify(definition, null, 2);
}

export function edited(draft: GraderDraft, text: string, field: string, now: number): GraderDraft {
  if (text === textOf(draft)) return draft;
  const joins = draft.field === field && now - draft.editedAt < SAME_STEP && draft.at > 0;
  const kept = draft.texts.slice(joins ? 0 : Math.max(0, draft.at + 2 - MOST_STEPS), joins ? draft.at : draft.at + 1);
  return { ...draft, texts: [...kept, text], at: kept.length, field, editedAt: now };
}

export function stepped(draft: GraderDraft, by: -1 | 1): GraderDraft {
  const at = Math.min(Math.max(draft.at + by, 0), draft.texts.length - 1);
  return at === draft.at ? draft : { ...draft, at, field: null };
}

export type DraftReading = {
  readonly text: string;
  readonly json: JsonText;
  /** As the text says, or as it said when it last was JSON: the form shows that. */
  readonly shown: JsonObject;
  /** The text is no JSON object now. */
  readonly broken: boolean;
};

export function readDraft(draft: GraderDraft): DraftReading {
  const text = textOf(draft);
  const json = readJsonText(text);
  if (json.ok && isJsonObject(json.value)) return { text, json, shown: json.value, broken: false };
  for (let at = draft.at - 1; at >= 0; at--) {
    const before = readJsonText(draft.texts[at] ?? '');
    if (before.ok && isJsonObject(before.value)) return { text, json, shown: before.value, broken: true };
  }
  return { text, json, shown: {}, broken: true };
}

export function isChanged(draft: GraderDraft): boolean {
  return textOf(draft) !== draft.saved;
}

export function setDraft(key: string, draft: GraderDraft): void {
  useGraderDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: draft } }));
}

export function dropDraft(key: string): void {
  useGraderDrafts.setState(({ drafts }) => ({
    drafts: Object.fromEntries(Object.entries(drafts).filter(([each]) => each !== key)),
  }));
}

/** Opens the editor on a grader that nobody has saved; one that was begun before is taken over only if it says nothing. */
export function openNewGrader(definition: GraderDefinition, from: GraderDraft['from'] = null): void {
  const text = printDefinition(definition);
  const before = useGraderDrafts.getState().drafts[NEW_GRADER];
  // What was typed before is one undo away.
  const draft = before
    ? { ...edited({ ...before, field: null }, text, 'new', Date.now()), from }
    : beginDraft(text, '', from);
  setDraft(NEW_GRADER, draft);
  go({ view: 'graders', tab: NEW_GRADER, span: null, q: '' });
}

/** With the value at `path` replaced; undefined takes it away. What is on the way and no object or list becomes one. */
export function withValue(root: Json, path: readonly (string | number)[], value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (typeof key === 'number') {
    const list = Array.isArray(root) ? [...(root as readonly Json[])] : [];
    if (rest.length === 0 && value === undefined) list.splice(key, 1);
    else list[key] = withValue(list[key] ?? null, rest, value);
    return list;
  }
  const object: Record<string, Json> = isJsonObject(root) ? { ...root } : {};
  if (rest.length === 0 && value === undefined) {
    return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
  }
  const inner = Object.hasOwn(object, key) ? (object[key] ?? null) : null;
  return Object.fromEntries([
    ...Object.entries(object).map(([each, old]): [string, Json] => [
      each,
      each === key ? withValue(inner, rest, value) : old,
    ]),
    ...(Object.hasOwn(object, key) ? [] : [[key, withValue(null, rest, value)] as [string, Json]]),
  ]);
}
