/** Editing and drawing the text of the search box; what it means is in src/shared/query.ts. */
import type { QueryTerm, TextField } from '#shared/query.ts';
import { NUMBER_FIELDS, TEXT_FIELDS, TIME_FIELDS, fieldTerm, parseQuery } from '#shared/query.ts';

/** One word of the text as written, `from` to `to`. */
export type QueryToken = {
  readonly from: number;
  readonly to: number;
  readonly raw: string;
  /** Undefined for what says nothing: an unfinished `agent:`, a number that is none. */
  readonly term: QueryTerm | undefined;
};

const TOKEN = /-?(?:[a-z]+:)?(?:"(?:[^"\\]|\\.)*"?|\S+)/g;

export function queryTokens(text: string): readonly QueryToken[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    raw: match[0],
    term: parseQuery(match[0]).terms[0],
  }));
}

/** Whether the text narrows to this value, excludes it, or does not speak of it. */
export function termState(text: string, field: FacetTerm, value: string): 'on' | 'not' | 'off' {
  const token = queryTokens(text).find((each) => isOf(each, field, value));
  return token === undefined ? 'off' : token.raw.startsWith('-') ? 'not' : 'on';
}

type FacetTerm = TextField | 'grade';

/** A trace has one of these, so that choosing another replaces the first. */
const SINGLE: ReadonlySet<FacetTerm> = new Set<FacetTerm>(['status', 'workflow', 'source', 'annotated', 'verdict']);

/** Adds `field:value`, or takes it away when it is there; with `negated`, `-field:value`. */
export function toggleTerm(text: string, field: FacetTerm, value: string, negated = false): string {
  const state = termState(text, field, value);
  const wanted = negated ? 'not' : 'on';
  const kept = queryTokens(text).filter((token) => {
    if (isOf(token, field, value)) return false;
    const { term } = token;
    if (term?.type !== 'field') return true;
    return !(state !== wanted && !negated && SINGLE.has(field) && term.field === field && !term.negated);
  });
  const words = kept.map((token) => token.raw);
  if (state !== wanted) words.push(`${negated ? '-' : ''}${fieldTerm(field, value)}`);
  return words.join(' ');
}

/** Verdicts of graders are compared as they are written: their values hold more than a value. */
function isOf({ term, raw }: QueryToken, field: FacetTerm, value: string): boolean {
  if (field !== 'grade') return term?.type === 'field' && isTerm(term, field, value);
  return term?.type === 'grade' && raw.replace(/^-/, '').toLowerCase() === fieldTerm(field, value).toLowerCase();
}

function isTerm(term: QueryTerm & { readonly type: 'field' }, field: TextField, value: string): boolean {
  return term.field === field && term.value.toLowerCase() === value.toLowerCase();
}

/** The words to mark in a column: those that were searched everywhere, and those of its own field. */
export function markedWords(text: string, field?: TextField): readonly string[] {
  const words: string[] = [];
  for (const term of parseQuery(text).terms) {
    if (term.type === 'text' && !term.negated) words.push(term.text);
    else if (term.type === 'field' && !term.negated && term.field === field) words.push(term.value);
  }
  return words;
}

/** Names that complete the word at the caret, when it could become a field. */
export function fieldSuggestions(word: string): readonly string[] {
  const start = word.replace(/^-/, '').toLowerCase();
  if (!/^[a-z]*$/.test(start)) return [];
  return [...TEXT_FIELDS, 'error', 'score', 'grade', 'meta', ...NUMBER_FIELDS, ...TIME_FIELDS].filter(
    (field) => field.startsWith(start) && field !== start,
  );
}
