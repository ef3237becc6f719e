/**
 * A pattern of what agents and tools do, one after the other: "Planner hands to Researcher, Researcher calls search 3 or
 * more times, never returns to Planner". Text (pattern-parse.ts), this form and a drawing say the same; pattern-match.ts
 * looks for it among the crossings of an agent graph. Steps happen in this order, with anything between them.
 */
import type { GraphEdgeKind } from './graph.ts';

export const PATTERN_VERBS = ['hands', 'calls', 'returns', 'tells', 'checked', 'reaches'] as const;
/** `checked`: a guardrail looks at what an agent says; `reaches`: any of them. */
export type PatternVerb = (typeof PATTERN_VERBS)[number];

/** Upper and lower case are alike. In a `like` one, `*` stands for any text. */
export type PatternName = { readonly text: string; readonly like: boolean };

/** One of these; none = whoever or whatever it is. */
export type PatternNames = readonly PatternName[];

type Action = { readonly from: PatternNames; readonly verb: PatternVerb; readonly to: PatternNames };

/** It happens: at least and at most so often (null = no bound) before the next step does. */
export type PatternStep = Action & {
  readonly type: 'step';
  readonly least: number;
  readonly most: number | null;
  /** Nothing else is done by the same one between the step before, which must happen, and this. */
  readonly next: boolean;
};

/** It does not happen from the first time of the step before (or the begin) to the step after it (or the end). */
export type PatternNever = Action & { readonly type: 'never' };

export type Pattern = { readonly steps: readonly (PatternStep | PatternNever)[] };

export type PatternProblem = {
  /** Places in the text. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
};

/** Part of a search over traces. */
export type PatternPage = {
  /** Those in which it is, the newest first, with the spans of its crossings. */
  readonly traces: readonly { readonly traceId: string; readonly spanIds: readonly string[] }[];
  /** How many traces were looked at, and how many match the query; null = too many to count. */
  readonly looked: number;
  readonly total: number | null;
  /** Null when all were looked at. */
  readonly nextCursor: string | null;
};

export const MOST_STEPS = 50;
export const MOST_TIMES = 200;

/** Which crossings of the graph each verb means. Control comes back by an answer or by a handoff. */
export const VERB_KINDS: Readonly<Record<PatternVerb, readonly GraphEdgeKind[]>> = {
  hands: ['handoff'],
  calls: ['tool_call', 'agent_call'],
  returns: ['return', 'handoff'],
  tells: ['message'],
  checked: ['guardrail'],
  reaches: ['handoff', 'tool_call', 'agent_call', 'return', 'message', 'guardrail'],
};

export const VERB_TEXTS: Readonly<Record<PatternVerb, string>> = {
  hands: 'hands to',
  calls: 'calls',
  returns: 'returns to',
  tells: 'tells',
  checked: 'is checked by',
  reaches: 'reaches',
};

/** The canonical text: parsing it gives the same pattern again. */
export function printPattern({ steps }: Pattern): string {
  return steps.map(printStep).join(', ');
}

export function printStep(step: PatternStep | PatternNever): string {
  const how = step.type === 'never' ? 'never ' : step.next ? 'immediately ' : '';
  const to = printNames(step.to, step.verb === 'calls' ? 'anything' : 'anyone');
  const times = step.type === 'never' ? '' : printTimes(step.least, step.most);
  return `${printNames(step.from, 'anyone')} ${how}${VERB_TEXTS[step.verb]} ${to}${times === '' ? '' : ` ${times}`}`;
}

function printNames(names: PatternNames, whoever: string): string {
  return names.length === 0 ? whoever : names.map(printName).join(' or ');
}

/** Empty for once or more. */
export function printTimes(least: number, most: number | null): string {
  if (most === null) return least === 1 ? '' : `${least} or more times`;
  if (least === most) return least === 1 ? 'once' : least === 2 ? 'twice' : `${least} times`;
  return least === 0 ? `at most ${most} times` : `${least} to ${most} times`;
}

/** Words that mean something in a pattern: a name that is one of them is quoted. */
const RESERVED = new Set(
  'and or then never not no nobody none anyone anybody anything someone something who which it the without like once twice thrice times time at least most exactly more less fewer than up between to immediately directly next does do must may cannot is it he she somebody zero one two three four five six seven eight nine ten eleven twelve'.split(
    ' ',
  ),
);

/** A name that needs no quotes: letters, digits and a few signs; many tools hold one of them. */
const BARE = /^[\p{L}\p{N}_][\p{L}\p{N}_\-./:@#]*$/u;
const BARE_LIKE = /^[\p{L}\p{N}_*][\p{L}\p{N}_\-./:@#*]*$/u;

export function printName({ text, like }: PatternName): string {
  const plain = (like ? BARE_LIKE : BARE).test(text) && !text.endsWith('.') && !isReserved(text) && !/^\d+$/.test(text);
  if (plain) return text;
  return `${like ? 'like ' : ''}"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A word of the language, or the first of a verb. */
function isReserved(word: string): boolean {
  const lower = word.toLowerCase();
  return RESERVED.has(lower) || VERB_WORDS.has(lower);
}

/** All ways to say each verb, the longest first; the words for "never" and "without" take the other forms. */
export const VERB_PHRASES: readonly (readonly [phrase: readonly string[], verb: PatternVerb])[] = (
  [
    ['hands', 'hand(s|ing|) off to, hand(s|ing|) over to, hand(s|ing|) back to, hand(s|ing|) to, transfer(s|ring|) to'],
    ['calls', 'call(s|ing|), use(s|), using, invoke(s|), invoking'],
    ['returns', 'return(s|ing|) to, go(es|ing|) back to, come(s|) back to, coming back to'],
    ['tells', 'tell(s|ing|), message(s|), messaging, write(s|) to, writing to, answer(s|ing|), repl(ies|ying|y) to'],
    ['checked', 'is checked by, being checked by, checked by'],
    ['reaches', 'reach(es|ing|), contact(s|ing|)'],
  ] as const
)
  .flatMap(([verb, forms]) =>
    forms.split(', ').flatMap((form) => expand(form).map((each) => [each.split(' '), verb] as const)),
  )
  .sort(([a], [b]) => b.length - a.length);

function expand(form: string): string[] {
  const match = /^([^(]*)\(([^)]*)\)(.*)$/.exec(form);
  if (!match) return [form];
  const [, head = '', endings = '', tail = ''] = match;
  return endings.split('|').map((ending) => `${head}${ending}${tail}`);
}

const VERB_WORDS: ReadonlySet<string> = new Set(VERB_PHRASES.map(([[first = '']]) => first));
