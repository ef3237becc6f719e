/** What could stand at a place in the text of a pattern: names of a trace, and words of the language. */
import type { PatternVerb } from './pattern.ts';
import { printName, VERB_PHRASES, VERB_TEXTS } from './pattern.ts';
import type { Token } from './pattern-parse.ts';
import { isOne, isWord, tokensOf } from './pattern-parse.ts';

export type PatternVocabulary = {
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly guardrails: readonly string[];
};

export type PatternCompletion = {
  /** What is replaced. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly { readonly text: string; readonly type: 'agent' | 'tool' | 'guardrail' | 'word' }[];
};

type Option = PatternCompletion['options'][number];

const MOST_OPTIONS = 50;
const WORDS: readonly Option[] = [...Object.values(VERB_TEXTS), 'never', 'immediately'].map(word);
const TIMES: readonly Option[] = ['once', 'twice', '3 or more times', 'at most 2 times', '2 to 5 times'].map(word);

export function completePattern(text: string, cursor: number, known: PatternVocabulary): PatternCompletion {
  const tokens = tokensOf(text.slice(0, cursor));
  const last = tokens.findLastIndex((token) => token.type === 'end' || isOne(token, ['then', 'and']));
  const clause = tokens.slice(last + 1);
  // The word that is being typed; behind a space a new one begins.
  const typed = clause.at(-1)?.to === cursor ? clause.at(-1) : undefined;
  const before = typed ? clause.slice(0, -1) : clause;
  const agents = known.agents.map((name): Option => option(name, 'agent'));
  const verb = verbOf(before);
  let options: readonly Option[];
  if (!verb) {
    const hasSubject = before.some((token) => !isOne(token, ['never', 'immediately']));
    options = hasSubject ? WORDS : [...agents, word('anyone'), ...WORDS];
  } else if (before.length > verb.to && !isWord(before.at(-1), 'or')) options = TIMES;
  else options = namesFor(verb.verb, known, agents);
  const prefix = (typed?.text ?? '').toLowerCase();
  return {
    from: typed?.from ?? cursor,
    to: cursor,
    options: options
      .filter(({ text: each }) =>
        each
          .toLowerCase()
          .replace(/^(?:like )?"/, '')
          .startsWith(prefix),
      )
      .filter(({ text: each }) => each.toLowerCase() !== prefix)
      .slice(0, MOST_OPTIONS),
  };
}

function verbOf(clause: readonly Token[]): { readonly verb: PatternVerb; readonly to: number } | null {
  for (let from = 0; from < clause.length; from++)
    for (const [phrase, verb] of VERB_PHRASES)
      if (phrase.every((each, k) => isWord(clause[from + k], each))) return { verb, to: from + phrase.length };
  return null;
}

function namesFor(verb: PatternVerb, known: PatternVocabulary, agents: readonly Option[]): readonly Option[] {
  const tools = known.tools.map((name): Option => option(name, 'tool'));
  const guardrails = known.guardrails.map((name): Option => option(name, 'guardrail'));
  switch (verb) {
    case 'calls':
      return [...tools, ...agents, word('anything')];
    case 'checked':
      return [...guardrails, word('anything')];
    case 'tells':
      return [...agents, word('user'), word('anyone')];
    case 'reaches':
      return [...agents, ...tools, ...guardrails, word('anyone')];
    case 'hands':
    case 'returns':
      return [...agents, word('anyone')];
  }
}

function option(name: string, type: Option['type']): Option {
  return { text: printName({ text: name, like: false }), type };
}

function word(text: string): Option {
  return { text, type: 'word' };
}
