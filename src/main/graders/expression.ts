/**
 * `calculate_output` of `multi`: + - * / ^, eight functions, the graders' names. OpenAI documents those; that ^ is right
 * associative and binds tighter than the minus before it, and that a result which is no number is an error, are our choices.
 */
import type { GraderErrorFlag } from '#shared/grader.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';

type ExpressionError = { readonly flag: GraderErrorFlag; readonly message: string; readonly at: number };

type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'call'; readonly of: (...values: number[]) => number; readonly args: readonly Expression[] }
  | { readonly kind: 'minus'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };
type Operator = '+' | '-' | '*' | '/' | '^';

const FUNCTIONS: ReadonlyMap<string, { readonly of: (...values: number[]) => number; readonly most: number }> = new Map(
  [
    ['min', { of: (...values) => values.reduce((least, each) => Math.min(least, each)), most: 1_000 }],
    ['max', { of: (...values) => values.reduce((most, each) => Math.max(most, each)), most: 1_000 }],
    ['abs', { of: Math.abs, most: 1 }],
    ['floor', { of: Math.floor, most: 1 }],
    ['ceil', { of: Math.ceil, most: 1 }],
    ['exp', { of: Math.exp, most: 1 }],
    ['sqrt', { of: Math.sqrt, most: 1 }],
    ['log', { of: Math.log, most: 1 }],
  ],
);
export const FUNCTION_NAMES = [...FUNCTIONS.keys()];

const LONGEST = 10_000;
const DEEPEST = 200;

export type Formula = {
  /** Each name once, in the order of their first use. */
  readonly names: readonly string[];
  readonly evaluate: (values: ReadonlyMap<string, number>) => Result<number, ExpressionError>;
};

export function parseFormula(source: string): Result<Formula, ExpressionError> {
  if (source.length > LONGEST) return broken(0, `it is longer than ${LONGEST.toLocaleString('en')} characters`);
  try {
    const reader = readerOf(source);
    const expression = readSum(reader, 0);
    if (reader.token().kind !== 'end')
      throw new FormulaFault(reader.token().at, `"${reader.token().text}" is not expected`);
    return ok({ names: [...reader.names], evaluate: (values) => evaluateAll(expression, values) });
  } catch (cause) {
    if (cause instanceof FormulaFault) return broken(cause.at, cause.message);
    throw cause;
  }
}

/** Names first, then the number: an unknown name is said even where it would not count. */
function evaluateAll(expression: Expression, values: ReadonlyMap<string, number>): Result<number, ExpressionError> {
  try {
    const value = evaluate(expression, values);
    if (Number.isFinite(value)) return ok(value);
    const message = `The formula gives ${Number.isNaN(value) ? 'no number' : 'infinity'}: look for a division by 0, log(0) or sqrt of less than 0.`;
    return fail({ flag: 'unresponsive_reward_error', message, at: 0 });
  } catch (cause) {
    if (!(cause instanceof FormulaFault)) throw cause;
    return fail({ flag: 'invalid_variable_error', message: cause.message, at: cause.at });
  }
}

function evaluate(expression: Expression, values: ReadonlyMap<string, number>): number {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'minus') return -evaluate(expression.of, values);
  if (expression.kind === 'call') return expression.of(...expression.args.map((each) => evaluate(each, values)));
  if (expression.kind === 'name') {
    const value = values.get(expression.name);
    if (value !== undefined) return value;
    throw new FormulaFault(expression.at, `There is no grader "${expression.name}" in this multi grader.`);
  }
  const left = evaluate(expression.left, values);
  const right = evaluate(expression.right, values);
  if (expression.operator === '+') return left + right;
  if (expression.operator === '-') return left - right;
  if (expression.operator === '*') return left * right;
  return expression.operator === '/' ? left / right : left ** right;
}

// Reading --------------------------------------------------------------------------------------------------------------

type Token = { readonly kind: 'number' | 'name' | 'sign' | 'end'; readonly text: string; readonly at: number };
type Reader = {
  readonly names: Set<string>;
  readonly token: () => Token;
  readonly next: () => Token;
  readonly accept: (...signs: string[]) => string | null;
};

class FormulaFault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

function readerOf(source: string): Reader {
  const tokens = tokenise(source);
  let place = 0;
  const token = (): Token => tokens[place] ?? { kind: 'end', text: '', at: source.length };
  const next = (): Token => {
    const current = token();
    place += 1;
    return current;
  };
  return {
    names: new Set(),
    token,
    next,
    accept: (...signs) => (token().kind === 'sign' && signs.includes(token().text) ? next().text : null),
  };
}

function tokenise(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|([-+*/^(),])/giuy;
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(source);
    if (!match) throw new FormulaFault(at, `"${String.fromCodePoint(source.codePointAt(at) ?? 0)}" is not expected`);
    const [, number, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
  }
  return tokens;
}

function readSum(reader: Reader, depth: number): Expression {
  let left = readProduct(reader, depth);
  for (let operator = reader.accept('+', '-'); operator !== null; operator = reader.accept('+', '-'))
    left = { kind: 'binary', operator: operator as Operator, left, right: readProduct(reader, depth) };
  return left;
}

function readProduct(reader: Reader, depth: number): Expression {
  let left = readUnary(reader, depth);
  for (let operator = reader.accept('*', '/'); operator !== null; operator = reader.accept('*', '/'))
    left = { kind: 'binary', operator: operator as Operator, left, right: readUnary(reader, depth) };
  return left;
}

function readUnary(reader: Reader, depth: number): Expression {
  if (depth > DEEPEST) throw new FormulaFault(reader.token().at, 'it is nested too deep');
  if (reader.accept('-') !== null) return { kind: 'minus', of: readUnary(reader, depth + 1) };
  const base = readAtom(reader, depth);
  if (reader.accept('^') === null) return base;
  return { kind: 'binary', operator: '^', left: base, right: readUnary(reader, depth + 1) };
}

function readAtom(reader: Reader, depth: number): Expression {
  const { kind, text, at } = reader.next();
  if (kind === 'number') return { kind: 'number', value: Number(text) };
  if (kind === 'name') {
    if (reader.accept('(') !== null) return readCall(reader, text, at, depth);
    reader.names.add(text);
    return { kind: 'name', name: text, at };
  }
  if (kind === 'sign' && text === '(') {
    const inside = readSum(reader, depth + 1);
    close(reader);
    return inside;
  }
  throw new FormulaFault(at, kind === 'end' ? 'it ends too early' : `"${text}" is not expected`);
}

function readCall(reader: Reader, name: string, at: number, depth: number): Expression {
  const called = FUNCTIONS.get(name);
  if (!called) throw new FormulaFault(at, `there is no function "${name}": known are ${FUNCTION_NAMES.join(', ')}`);
  const args = [readSum(reader, depth + 1)];
  while (reader.accept(',') !== null) args.push(readSum(reader, depth + 1));
  close(reader);
  if (args.length > called.most)
    throw new FormulaFault(at, `${name} takes ${called.most === 1 ? 'one value' : 'fewer values'}`);
  return { kind: 'call', of: called.of, args };
}

function close(reader: Reader): void {
  if (reader.accept(')') === null) throw new FormulaFault(reader.token().at, 'a ")" is missing');
}

function broken(at: number, message: string): Result<never, ExpressionError> {
  return fail({
    flag: 'formula_parse_error',
    message: `The formula cannot be read at character ${String(at + 1)}: ${message}.`,
    at,
  });
}
