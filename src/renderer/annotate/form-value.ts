/** What a person has put into the form so far, and the annotations that it makes. */
import type { AnnotationKind, AnnotationPlace, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { fail, ok, type Result } from '#shared/result.ts';

export type FormKind = Exclude<AnnotationKind, 'preference'>;

/** Ids by which forms keep what was chosen; `answers` are of the items of a rubric. */
export type FormValue = {
  readonly kind: FormKind;
  readonly place: AnnotationPlace;
  readonly taxonomy: string | null;
  /** Codes; several become several annotations. */
  readonly categories: readonly string[];
  readonly severity: string | null;
  readonly passed: boolean | null;
  readonly schema: string | null;
  readonly score: number | null;
  /** Title of the chosen option, where the scale has names. */
  readonly option: string | null;
  readonly answers: Readonly<Record<string, boolean | null>>;
  readonly note: string;
  /** As typed, between commas. */
  readonly tags: string;
  readonly correction: string | null;
  /** What the output was; null = not known yet. */
  readonly original: string | null;
  readonly agent: string | null;
  readonly isRootCause: boolean;
  readonly evidenceSpanId: string | null;
};

export const SEVERITIES = ['low', 'medium', 'high'] as const;

export function emptyValue(kind: FormKind, place: AnnotationPlace): FormValue {
  return {
    kind,
    place,
    taxonomy: null,
    categories: [],
    severity: null,
    passed: null,
    schema: null,
    score: null,
    option: null,
    answers: {},
    note: '',
    tags: '',
    correction: null,
    original: null,
    agent: null,
    isRootCause: false,
    evidenceSpanId: null,
  };
}

/** The form as it was when this was saved. */
export function valueOf(row: AnnotationRow): FormValue {
  const kind = row.kind === 'preference' ? 'note' : row.kind;
  const original = row.extra['original'];
  return {
    kind,
    place: row.place,
    taxonomy: kind === 'category' ? row.taxonomy : null,
    categories: kind === 'category' && row.category !== null ? [row.category] : [],
    severity: row.severity,
    passed: kind === 'score' ? null : row.passed,
    schema: kind === 'score' ? row.taxonomy : null,
    score: row.score ?? (kind === 'score' && row.passed !== null ? Number(row.passed) : null),
    option: kind === 'score' ? row.category : null,
    answers: row.answers ?? {},
    note: row.note ?? '',
    tags: row.tags.join(', '),
    correction: row.correction,
    original: typeof original === 'string' ? original : null,
    agent: row.agent,
    isRootCause: row.isRootCause,
    evidenceSpanId: row.evidenceSpanId,
  };
}

/**
 * @param schema the chosen one of `value.schema`
 * @param before what is edited: what the form does not show of it stays
 */
export function statesOf(
  value: FormValue,
  schema: ScoreSchema | null,
  before: AnnotationState | null = null,
): Result<readonly AnnotationState[], string> {
  const note = value.note.trim() === '' ? null : value.note.trim();
  const kept = before?.kind === value.kind ? before : null;
  const base: AnnotationState = {
    place: value.place,
    kind: value.kind,
    taxonomy: kept?.taxonomy ?? null,
    category: kept?.category ?? null,
    severity: kept?.severity ?? null,
    score: kept?.score ?? null,
    passed: kept?.passed ?? null,
    note,
    tags: tagsOf(value.tags),
    agent: kept?.agent ?? null,
    isRootCause: value.isRootCause,
    evidenceSpanId: value.evidenceSpanId,
    correction: kept?.correction ?? null,
    answers: kept?.answers ?? null,
    preference: null,
    extra: before?.extra ?? {},
  };
  switch (value.kind) {
    case 'category': {
      if (value.categories.length === 0) return fail('Choose a label.');
      const { taxonomy, severity } = value;
      return ok(value.categories.map((category) => ({ ...base, taxonomy, category, severity })));
    }
    case 'verdict':
      return value.passed === null ? fail('Choose pass or fail.') : ok([{ ...base, passed: value.passed }]);
    case 'note':
      return note === null && base.tags.length === 0
        ? fail('Write a note, or give a tag.')
        : ok([{ ...base, severity: value.severity }]);
    case 'correction':
      if (value.correction === null || value.correction === value.original)
        return fail('Change the text to what it should have been.');
      return ok([
        {
          ...base,
          correction: value.correction,
          extra: { ...base.extra, ...(value.original === null ? {} : { original: value.original }) },
        },
      ]);
    case 'blame':
      return value.agent === null && value.place.kind === 'trace'
        ? fail('Choose the agent to blame, or the decisive span.')
        : ok([{ ...base, agent: value.agent, severity: value.severity }]);
    case 'score':
      return scored(value, schema, base);
  }
}

function scored(
  value: FormValue,
  schema: ScoreSchema | null,
  base: AnnotationState,
): Result<readonly AnnotationState[], string> {
  if (!schema) return fail('Choose what to score.');
  const { scale } = schema;
  const taxonomy = schema.id;
  switch (scale.type) {
    case 'numeric':
      if (value.score === null) return fail(`Give a number from ${scale.min} to ${scale.max}.`);
      return value.score < scale.min || value.score > scale.max
        ? fail(`The number must be from ${scale.min} to ${scale.max}.`)
        : ok([{ ...base, taxonomy, score: value.score, category: null, passed: null }]);
    case 'categorical':
      return value.score === null
        ? fail('Choose one of the options.')
        : ok([{ ...base, taxonomy, score: value.score, category: value.option }]);
    case 'boolean':
      return value.score === null
        ? fail('Choose yes or no.')
        : ok([{ ...base, taxonomy, score: value.score, passed: value.score === 1 }]);
    case 'rubric': {
      const given = scale.items.flatMap(({ id }) => {
        const answer = value.answers[id];
        return typeof answer === 'boolean' ? [answer] : [];
      });
      if (given.length === 0) return fail('Answer at least one item.');
      const answers = Object.fromEntries(scale.items.map(({ id }) => [id, value.answers[id] ?? null]));
      return ok([{ ...base, taxonomy, answers, score: given.filter(Boolean).length / given.length }]);
    }
  }
}

function tagsOf(typed: string): readonly string[] {
  return [
    ...new Set(
      typed
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ].slice(0, 50);
}
