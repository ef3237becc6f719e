/** What the keys of the form say of an item, as annotations. Pure: the labels there are in, the labels to save out. */
import type { AnnotationPlace, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import type { ReviewItem } from '#shared/review.ts';
import { SEVERITIES } from '../../annotate/form-value.ts';
import { stateOf } from '../../state/annotation-undo.ts';

/** One label to save; null state = to remove. Without an id it is new. */
export type Saying = { readonly title: string; readonly state: AnnotationState | null; readonly id?: string };

export type Judgement = {
  readonly verdict: AnnotationRow | null;
  readonly categories: readonly AnnotationRow[];
  readonly score: AnnotationRow | null;
  readonly blame: AnnotationRow | null;
  readonly note: AnnotationRow | null;
  readonly preference: AnnotationRow | null;
  /** Of others, and what I said of other places of the trace. */
  readonly others: readonly AnnotationRow[];
};

export function placeOfItem(item: ReviewItem): AnnotationPlace {
  if (item.otherTraceId !== null) return { kind: 'pair', otherTraceId: item.otherTraceId };
  return item.spanId === null ? { kind: 'trace' } : { kind: 'span', spanId: item.spanId };
}

/** Mine are those that I made here; one that came with the data is nobody's here. */
export function judgementOf(rows: readonly AnnotationRow[], item: ReviewItem, reviewer: string): Judgement {
  const mine = rows.filter(({ author, imported }) => !imported && author === reviewer);
  const here = JSON.stringify(placeOfItem(item));
  const at = mine.filter(({ place }) => JSON.stringify(inOrder(place)) === here);
  const one = (kind: AnnotationRow['kind']): AnnotationRow | null => at.findLast((row) => row.kind === kind) ?? null;
  // Who is to blame for a trace may be said of any of its spans.
  const blame = mine.findLast(({ kind }) => kind === 'blame') ?? null;
  const judgement = {
    verdict: one('verdict'),
    categories: at.filter(({ kind }) => kind === 'category'),
    score: one('score'),
    blame,
    note: one('note'),
    preference: one('preference'),
  };
  const shown = new Set(
    [...judgement.categories, judgement.verdict, judgement.score, blame, judgement.note, judgement.preference].map(
      (row) => row?.id,
    ),
  );
  return { ...judgement, others: rows.filter(({ id }) => !shown.has(id)) };
}

function inOrder(place: AnnotationPlace): AnnotationPlace {
  return place.kind === 'span'
    ? { kind: 'span', spanId: place.spanId }
    : place.kind === 'pair'
      ? { kind: 'pair', otherTraceId: place.otherTraceId }
      : place;
}

export function blank(place: AnnotationPlace, kind: AnnotationState['kind']): AnnotationState {
  return {
    place,
    kind,
    taxonomy: null,
    category: null,
    severity: null,
    score: null,
    passed: null,
    note: null,
    tags: [],
    agent: null,
    isRootCause: false,
    evidenceSpanId: null,
    correction: null,
    answers: null,
    preference: null,
    extra: {},
  };
}

function stated(row: AnnotationRow | null, fallback: AnnotationState): AnnotationState {
  return row ? stateOf(row) : fallback;
}

function withId(row: AnnotationRow | null): { readonly id?: string } {
  return row ? { id: row.id } : {};
}

/** The same key twice takes it back. */
export function sayVerdict({ verdict }: Judgement, item: ReviewItem, passed: boolean): Saying {
  const title = passed ? 'Passed' : 'Failed';
  if (verdict?.passed === passed) return { title: `No longer ${title.toLowerCase()}`, state: null, id: verdict.id };
  const state = { ...stated(verdict, blank(placeOfItem(item), 'verdict')), passed };
  return { title, state, ...withId(verdict) };
}

export function sayCategory({ categories }: Judgement, item: ReviewItem, taxonomy: string, code: string): Saying {
  const known = categories.find((row) => row.taxonomy === taxonomy && row.category === code);
  if (known) return { title: `Label ${code} removed`, state: null, id: known.id };
  return { title: `Label ${code}`, state: { ...blank(placeOfItem(item), 'category'), taxonomy, category: code } };
}

/** Of the label that was given last: none, low, medium, high, none. */
export function saySeverity({ categories }: Judgement): Saying | null {
  const last = categories.at(-1);
  if (!last) return null;
  const at = SEVERITIES.findIndex((severity) => severity === last.severity);
  const severity = SEVERITIES[at + 1] ?? null;
  return {
    title: `Severity ${severity ?? 'none'}`,
    state: { ...stated(last, blank(last.place, 'category')), severity },
    id: last.id,
  };
}

export function sayScore(
  { score }: Judgement,
  item: ReviewItem,
  schema: string,
  value: { readonly score: number; readonly category?: string | null; readonly passed?: boolean | null },
): Saying {
  const own = score?.taxonomy === schema ? score : null;
  if (own && own.score === value.score) return { title: 'Score removed', state: null, id: own.id };
  const state = {
    ...stated(own, blank(placeOfItem(item), 'score')),
    taxonomy: schema,
    category: null,
    passed: null,
    ...value,
  };
  return { title: `Score ${value.score}`, state, ...withId(own) };
}

export type Step = { readonly spanId: string; readonly agent: string };

/** Blames the agent of a span; the same again blames nobody, and what is left of it goes too. */
export function sayBlamedAgent({ blame }: Judgement, { agent }: Step): Saying | null {
  const kept = blame?.place.kind === 'span';
  if (blame?.agent === agent) {
    const title = `${agent} no longer blamed`;
    if (!kept) return { title, state: null, id: blame.id };
    return { title, state: { ...stated(blame, blank(blame.place, 'blame')), agent: null }, id: blame.id };
  }
  if (agent === '') return null;
  const state = { ...stated(blame, blank({ kind: 'trace' }, 'blame')), agent, isRootCause: true };
  return { title: `${agent} blamed`, state, ...withId(blame) };
}

/** Marks a span as the decisive one; who is blamed stays, be it another than the one who acted there. */
export function sayDecisive({ blame }: Judgement, { spanId, agent }: Step): Saying {
  if (blame?.place.kind === 'span' && blame.place.spanId === spanId) {
    const title = 'No span is decisive any more';
    if (blame.agent === null) return { title, state: null, id: blame.id };
    return {
      title,
      state: { ...stated(blame, blank({ kind: 'trace' }, 'blame')), place: { kind: 'trace' } },
      id: blame.id,
    };
  }
  const place: AnnotationPlace = { kind: 'span', spanId };
  const from = stated(blame, blank(place, 'blame'));
  const state = { ...from, place, agent: from.agent ?? (agent === '' ? null : agent), isRootCause: true };
  return { title: 'Decisive span', state, ...withId(blame) };
}

/** Null = nothing to do. */
export function sayNote({ note }: Judgement, item: ReviewItem, text: string): Saying | null {
  const words = text.trim();
  if (words === (note?.note ?? '').trim()) return null;
  if (words === '') return note ? { title: 'Note removed', state: null, id: note.id } : null;
  const place = item.otherTraceId === null ? placeOfItem(item) : { kind: 'trace' as const };
  return { title: 'Note', state: { ...stated(note, blank(place, 'note')), note: words }, ...withId(note) };
}

export function sayPreference(
  { preference }: Judgement,
  item: ReviewItem,
  choice: 'this' | 'other' | 'tie',
  why: string,
): Saying {
  const note = why.trim() === '' ? null : why.trim();
  const title = choice === 'tie' ? 'Neither is better' : choice === 'this' ? 'Left is better' : 'Right is better';
  const state = { ...stated(preference, blank(placeOfItem(item), 'preference')), preference: choice, note };
  return { title, state, ...withId(preference) };
}
