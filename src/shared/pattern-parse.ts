/** Reads the text of a pattern: clauses divided by commas, "then" or "and", in words that a person would write. */
import type { Pattern, PatternName, PatternNames, PatternProblem, PatternVerb } from './pattern.ts';
import { MOST_STEPS, MOST_TIMES, VERB_PHRASES } from './pattern.ts';
import { readTimes, timesAt } from './pattern-times.ts';

export type Token = {
  readonly type: 'word' | 'quoted' | 'end';
  /** Of a quoted one, what is inside. */
  readonly text: string;
  readonly lower: string;
  readonly from: number;
  readonly to: number;
};

const LONGEST_PATTERN = 10_000;

export type ParsedPattern = {
  /** Null when anything is wrong. */
  readonly pattern: Pattern | null;
  readonly problems: readonly PatternProblem[];
};

export function parsePattern(text: string): ParsedPattern {
  if (text.length > LONGEST_PATTERN)
    return wrong(0, text.length, `A pattern has at most ${LONGEST_PATTERN} characters.`);
  const problems: PatternProblem[] = [];
  const steps: Step[] = [];
  const told: Told = { actor: [], target: [], follows: false };
  const clauses = clausesOf(tokensOf(text));
  for (const clause of clauses) {
    const step = readClause(clause, told);
    if ('message' in step) problems.push(step);
    else steps.push(step);
  }
  if (clauses.length === 0) return wrong(0, text.length, 'Say who does what, such as: Planner hands to Researcher.');
  const times = steps.reduce((sum, step) => sum + (step.type === 'step' ? Math.max(step.least, step.most ?? 0) : 0), 0);
  if (steps.length > MOST_STEPS) problems.push(whole(text, `A pattern has at most ${MOST_STEPS} steps.`));
  if (times > MOST_TIMES) problems.push(whole(text, `All steps together count to at most ${MOST_TIMES} times.`));
  return { pattern: problems.length === 0 ? { steps } : null, problems };
}

type Step = Pattern['steps'][number];

/** What a clause without a subject goes on from. */
type Told = { actor: PatternNames; target: PatternNames; follows: boolean };

function readClause(clause: readonly Token[], told: Told): Step | PatternProblem {
  const found = findVerb(clause);
  if (!found) return at(clause, 'What happens? Write "hands to", "calls", "returns to", "tells" or "is checked by".');
  const before = readBefore(clause.slice(0, found.from));
  const subject = readSubject(before.subject, told);
  if ('message' in subject) return subject;
  const rest = clause.slice(found.to);
  const split = timesAt(rest);
  const second = findVerb(rest.slice(0, split));
  if (second && (second.to < split || second.to - second.from > 1))
    return at(rest.slice(second.from, second.to), TWO_VERBS);
  const object = readNames(rest.slice(0, split));
  if ('message' in object) return object;
  if (object.length === 0 && !isWhoever(rest.slice(0, split)))
    return at(
      clause.slice(found.from),
      `${sentence(clause.slice(found.from, found.to))} whom or what? A name is missing.`,
    );
  const times = split < rest.length ? readTimes(rest.slice(split)) : null;
  if (times && times.most !== null && times.most < times.least)
    return at(rest.slice(split), 'The second number is less than the first.');
  if (times && Math.max(times.least, times.most ?? 0) > MOST_TIMES)
    return at(rest.slice(split), `At most ${MOST_TIMES} times can be counted.`);
  const { verb } = found;
  const negated = before.never || subject.nobody;
  if (negated && times)
    return at(rest.slice(split), 'What never happens has no number; write "at most … times" without "never" instead.');
  const action = { from: subject.names, verb, to: object };
  told.target = object;
  // After a handoff the other one is in control, and acts in what follows.
  told.actor = !negated && (verb === 'hands' || verb === 'returns') ? object : subject.names;
  if (negated || times?.most === 0) return { type: 'never', ...action };
  // What need not happen has no moment, and nothing can follow it at once.
  const next = before.next && told.follows && times?.least !== 0;
  told.follows = times?.least !== 0;
  return { type: 'step', ...action, least: times?.least ?? 1, most: times?.most ?? null, next };
}

const TWO_VERBS = 'This is a second verb: divide steps by commas, and quote names that hold such a word.';

function findVerb(clause: readonly Token[]): { from: number; to: number; verb: PatternVerb } | null {
  for (let from = 0; from < clause.length; from++) {
    for (const [phrase, verb] of VERB_PHRASES) {
      const fits = phrase.every((word, k) => isWord(clause[from + k], word));
      if (fits) return { from, to: from + phrase.length, verb };
    }
  }
  return null;
}

const NEVER = ['never', 'without', 'not', "doesn't", "don't", 'cannot', "mustn't", 'doesn’t', 'don’t'];
const HELPERS = ['does', 'do', 'must', 'may', 'is'];
const AT_ONCE = ['immediately', 'directly', 'next'];

/** Everything before the verb: the subject, then words that say how. */
function readBefore(tokens: readonly Token[]): { subject: readonly Token[]; never: boolean; next: boolean } {
  let never = false;
  let next = false;
  let end = tokens.length;
  let begin = 0;
  for (; end > 0; end--) {
    const token = tokens[end - 1];
    if (isOne(token, NEVER)) never = true;
    else if (isOne(token, AT_ONCE)) next = true;
    else if (!(never && isOne(token, HELPERS))) break;
  }
  for (; begin < end; begin++) {
    if (isOne(tokens[begin], NEVER)) never = true;
    else if (isOne(tokens[begin], AT_ONCE)) next = true;
    else break;
  }
  return { subject: tokens.slice(begin, end), never, next };
}

function readSubject(
  tokens: readonly Token[],
  told: Told,
): { readonly names: PatternNames; readonly nobody: boolean } | PatternProblem {
  const [first] = tokens;
  if (!first || (tokens.length === 1 && isOne(first, ['it', 'he', 'she']))) return { names: told.actor, nobody: false };
  if (tokens.length === 1 && isOne(first, ['who', 'which'])) return { names: told.target, nobody: false };
  if (tokens.every((token, k) => isOne(token, [['nobody', 'none', 'no'], ['one']][k] ?? [])))
    return { names: [], nobody: true };
  const names = readNames(tokens);
  return 'message' in names ? names : { names, nobody: false };
}

const WHOEVER = ['anyone', 'anybody', 'someone', 'somebody', 'anything', 'something'];

function isWhoever(tokens: readonly Token[]): boolean {
  return tokens.length > 0 && tokens.every((token) => isOne(token, [...WHOEVER, 'or']));
}

/** Names divided by "or"; a name without quotes may be several words. */
function readNames(tokens: readonly Token[]): PatternNames | PatternProblem {
  if (isWhoever(tokens)) return [];
  const names: PatternName[] = [];
  let words: Token[] = [];
  let like = false;
  const finish = (): PatternProblem | null => {
    const [first] = words;
    if (!first) return null;
    const isQuoted = words.some(({ type }) => type === 'quoted');
    if (isQuoted && words.length > 1) return at(words, 'Between two names stands "or", or a comma and the next step.');
    const shown = isOne(first, ['the', 'tool', 'agent', 'guardrail']) && words.length > 1 ? words.slice(1) : words;
    const text = isQuoted ? first.text : shown.map((word) => word.text).join(' ');
    if (text === '') return at(words, 'A name is empty.');
    const stray = isQuoted ? undefined : words.find((word) => isOne(word, NEVER));
    if (stray) return at([stray], `Before ${sentence([stray])} a comma is missing, or the name is to be quoted.`);
    const last = words.at(-1);
    if (last && words.length > 1 && isOne(last, ['immediately', 'directly']))
      return at(
        [last],
        `${sentence([last])} stands before the verb, unless it is part of a name, which is quoted then.`,
      );
    names.push({ text, like: text.includes('*') && (like || !isQuoted) });
    words = [];
    like = false;
    return null;
  };
  for (const token of tokens) {
    if (isWord(token, 'or')) {
      if (words.length === 0) return at([token], 'Before "or" a name is missing.');
      const problem = finish();
      if (problem) return problem;
    } else if (isWord(token, 'like') && words.length === 0) like = true;
    else words.push(token);
  }
  const last = tokens.at(-1);
  if (last && words.length === 0) return at([last], 'After this a name is missing.');
  return finish() ?? names;
}

/** Divided where one step ends and another begins. */
function clausesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const clauses: Token[][] = [[]];
  tokens.forEach((token, k) => {
    const isBetween = isWord(token, 'and') && isWord(tokens[k - 2], 'between');
    if (token.type === 'end' || isWord(token, 'then') || (isWord(token, 'and') && !isBetween)) clauses.push([]);
    else if (isWord(token, 'without')) clauses.push([token]);
    else clauses.at(-1)?.push(token);
  });
  return clauses.filter((clause) => clause.length > 0);
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“' };

/** Words, quoted names, and where a step ends: comma, semicolon, new line, or a full stop after a word. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const put = (type: Token['type'], value: string, from: number, to: number): void => {
    tokens.push({ type, text: value, lower: type === 'word' ? value.toLowerCase() : '', from, to });
  };
  let place = 0;
  while (place < text.length) {
    const sign = text[place] ?? '';
    const closing = CLOSING[sign];
    if (/[,;\n]/.test(sign)) put('end', sign, place, ++place);
    else if (/\s/.test(sign)) place++;
    else if (closing !== undefined) {
      const from = place++;
      let inside = '';
      for (; place < text.length && text[place] !== closing; place++) {
        if (text[place] === '\\' && place + 1 < text.length) place++;
        inside += text[place] ?? '';
      }
      place = Math.min(text.length, place + 1);
      put('quoted', inside, from, place);
    } else {
      const from = place;
      while (place < text.length && !/[\s,;"“„]/.test(text[place] ?? '')) place++;
      const word = text.slice(from, place);
      const stops = /[.!]$/.test(word) && word.length > 1;
      put('word', stops ? word.slice(0, -1) : word, from, stops ? place - 1 : place);
      if (stops) put('end', '.', place - 1, place);
    }
  }
  return tokens;
}

export function isWord(token: Token | undefined, word: string): boolean {
  return token?.type === 'word' && token.lower === word;
}

export function isOne(token: Token | undefined, words: readonly string[]): boolean {
  return token?.type === 'word' && words.includes(token.lower);
}

function sentence(tokens: readonly Token[]): string {
  return `"${tokens.map(({ text }) => text).join(' ')}"`;
}

function at(tokens: readonly Token[], message: string): PatternProblem {
  return { from: tokens[0]?.from ?? 0, to: tokens.at(-1)?.to ?? 0, message };
}

function whole(text: string, message: string): PatternProblem {
  return { from: 0, to: text.length, message };
}

function wrong(from: number, to: number, message: string): ParsedPattern {
  return { pattern: null, problems: [{ from, to, message }] };
}
