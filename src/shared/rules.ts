/**
 * User rules: what a person knows about the spans of a program and no convention says. A rule matches on what the source
 * said (scope, name, dialect, attributes) and sets what the workbench makes of it; it wins over every dialect. The
 * engine applies rules, the window shows which match: both through this file.
 */
import type { Json, JsonObject } from './json.ts';
import type { SpanKind } from './record.ts';

/**
 * A text to compare with: `*` stands for any characters, `\*` for an asterisk, everything else for itself. Letter case counts.
 * Without `*` the whole text must be equal.
 */
export type Pattern = string;

export type AttributeMatch = {
  /** The attribute's name; a dot also steps into an object. Looked up in the span's attributes, then in its resource. */
  readonly key: string;
  /** Absent = the attribute is there, whatever its value. */
  readonly value?: Pattern;
};

/** All conditions that are given must hold. */
export type RuleMatch = {
  readonly scope?: Pattern;
  readonly name?: Pattern;
  readonly dialect?: Pattern;
  readonly attributes?: readonly AttributeMatch[];
};

/**
 * What a match changes; absent fields stay as they were. In texts, `{key}` is replaced by the value of that attribute and
 * `{name}` by the span's name; a text whose attribute is missing sets nothing.
 */
export type RuleSet = {
  readonly kind?: SpanKind;
  readonly agent?: string;
  readonly tool?: string;
  /** Of the whole trace. */
  readonly session?: string;
  /** An edge between two agents. Makes the span a handoff unless `kind` says otherwise. */
  readonly handoff?: { readonly from?: string; readonly to?: string };
};

export type Rule = {
  readonly id: string;
  readonly enabled: boolean;
  /** For people. */
  readonly label: string;
  readonly match: RuleMatch;
  readonly set: RuleSet;
};

/** What rules look at; nothing in it is ever set by a rule. */
export type RuleSubject = {
  readonly dialect: string;
  readonly scope: string | null;
  readonly name: string;
  /** Called only when a rule asks for an attribute. */
  readonly attributes: () => JsonObject;
  readonly resource: () => JsonObject | null;
};

export type CompiledRule = {
  readonly rule: Rule;
  /** Position among all rules: the smaller wins. */
  readonly rank: number;
  readonly scope: Matcher | null;
  readonly name: Matcher | null;
  readonly dialect: Matcher | null;
  readonly attributes: readonly { readonly key: string; readonly value: Matcher | null }[];
};
export type CompiledRules = readonly CompiledRule[];

type Matcher = (text: string) => boolean;

/** Of a value that is matched or put into a text; what is longer is cut. */
const VALUE_LENGTH = 4_096;
const MAX_DEPTH = 16;

/** The enabled rules, ready to be applied. */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  return rules.flatMap((rule, rank) =>
    rule.enabled
      ? [
          {
            rule,
            rank,
            scope: compileOptional(rule.match.scope),
            name: compileOptional(rule.match.name),
            dialect: compileOptional(rule.match.dialect),
            attributes: (rule.match.attributes ?? []).map(({ key, value }) => ({ key, value: compileOptional(value) })),
          },
        ]
      : [],
  );
}

/** Those of the rules that match, in their order. */
export function matchingRules(rules: CompiledRules, subject: RuleSubject): readonly CompiledRule[] {
  return rules.filter((rule) => matches(rule, subject));
}

function matches(rule: CompiledRule, subject: RuleSubject): boolean {
  if (rule.dialect && !rule.dialect(subject.dialect)) return false;
  if (rule.scope && !rule.scope(subject.scope ?? '')) return false;
  if (rule.name && !rule.name(subject.name)) return false;
  return rule.attributes.every(({ key, value }) => {
    const found = attributeText(subject, key);
    return found !== null && (value === null || value(found));
  });
}

export type RuleOutcome = {
  readonly kind: SpanKind | null;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** With the rank of the rule that sets it: of several in one trace the smallest rank counts. */
  readonly session: { readonly id: string; readonly rank: number } | null;
};

/** What the rules say together about a span: per field, the first that says something. Null when they say nothing. */
export function ruleOutcome(rules: CompiledRules, subject: RuleSubject): RuleOutcome | null {
  let found = false;
  const outcome: { -readonly [K in keyof RuleOutcome]: RuleOutcome[K] } = {
    kind: null,
    agent: null,
    tool: null,
    from: null,
    to: null,
    session: null,
  };
  for (const compiled of rules) {
    if (!matches(compiled, subject)) continue;
    found = true;
    const { kind, agent, tool, session, handoff } = compiled.rule.set;
    outcome.kind ??= kind ?? (handoff === undefined ? null : 'handoff');
    outcome.agent ??= fill(agent, subject);
    outcome.tool ??= fill(tool, subject);
    outcome.from ??= fill(handoff?.from, subject);
    outcome.to ??= fill(handoff?.to, subject);
    if (outcome.session === null) {
      const id = fill(session, subject);
      if (id !== null) outcome.session = { id, rank: compiled.rank };
    }
  }
  return found ? outcome : null;
}

const PLACEHOLDER = /\{([^{}]{1,200})\}/g;

/** Null when there is nothing to set: no text, an attribute that is not there, or only white space. */
function fill(template: string | undefined, subject: RuleSubject): string | null {
  if (template === undefined) return null;
  let missing = false;
  const text = template.replace(PLACEHOLDER, (_whole, key: string) => {
    const value = key === 'name' ? subject.name : attributeText(subject, key);
    if (value === null) missing = true;
    return value ?? '';
  });
  return missing || text.trim() === '' ? null : text.trim().slice(0, VALUE_LENGTH);
}

/** The attribute's value as a text: texts as they are, everything else as JSON. Null when there is none. */
function attributeText(subject: RuleSubject, key: string): string | null {
  const value = lookUp(subject.attributes(), key, 0) ?? lookUp(subject.resource(), key, 0);
  if (value === undefined || value === null) return null;
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, VALUE_LENGTH);
}

/** `a.b.c` is a key of its own, else `a.b` of what is under... every split is tried, the shortest first step last. */
function lookUp(value: Json | undefined, key: string, depth: number): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > MAX_DEPTH) return undefined;
  const object = value as JsonObject;
  if (Object.hasOwn(object, key)) return object[key];
  for (let dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
    const head = key.slice(0, dot);
    if (Object.hasOwn(object, head)) return lookUp(object[head], key.slice(dot + 1), depth + 1);
  }
  return undefined;
}

function compileOptional(pattern: Pattern | undefined): Matcher | null {
  return pattern === undefined ? null : compilePattern(pattern);
}

/** Linear in the length of the text, whatever the pattern: pieces between `*` are found one after the other. */
export function compilePattern(pattern: Pattern): Matcher {
  const pieces = splitPieces(pattern);
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return (text) => text === first;
  const last = rest.at(-1) ?? '';
  const finders = rest.slice(0, -1).flatMap((piece) => (piece === '' ? [] : [createFinder(piece)]));
  return (whole) => {
    const text = whole.slice(0, VALUE_LENGTH);
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const find of finders) {
      at = find(text, at, end);
      if (at < 0) return false;
    }
    return true;
  };
}

/** The literal pieces between the asterisks; `\` takes the next character as it is. */
function splitPieces(pattern: Pattern): string[] {
  const pieces = [''];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    const next = pattern[at + 1];
    if (character === '*') pieces.push('');
    else if (character === '\\' && (next === '*' || next === '\\')) {
      pieces[pieces.length - 1] += next;
      at++;
    } else pieces[pieces.length - 1] += character;
  }
  return pieces;
}

/** Knuth, Morris, Pratt: where the first occurrence in [from, to) ends, or -1. Never steps back in the text. */
function createFinder(piece: string): (text: string, from: number, to: number) => number {
  const back = new Uint16Array(piece.length + 1);
  for (let at = 1, length = 0; at < piece.length; at++) {
    while (length > 0 && piece[at] !== piece[length]) length = back[length] ?? 0;
    if (piece[at] === piece[length]) length++;
    back[at + 1] = length;
  }
  return (text, from, to) => {
    for (let at = from, matched = 0; at < to; at++) {
      while (matched > 0 && text[at] !== piece[matched]) matched = back[matched] ?? 0;
      if (text[at] === piece[matched]) matched++;
      if (matched === piece.length) return at + 1;
    }
    return -1;
  };
}

/** A pattern that matches exactly this text. */
export function literalPattern(text: string): Pattern {
  return text.replace(/[*\\]/g, (character) => `\\${character}`);
}
