/**
 * The `pattern` of a JSON Schema, matched in time linear in pattern × text: both come from a trace, and the backtracking
 * of RegExp can be made to take for ever. Understands the part of ECMA-262 that schemas use; of the rest (look-around,
 * back references, properties of characters) it says that it does not.
 */

export type Pattern = (text: string) => boolean;

type Chars = (code: number) => boolean;
type Node =
  | { readonly type: 'chars'; readonly is: Chars }
  | { readonly type: 'start' | 'end' | 'edge' | 'inside' }
  | { readonly type: 'all'; readonly nodes: readonly Node[] }
  | { readonly type: 'any'; readonly nodes: readonly Node[] }
  | { readonly type: 'repeat'; readonly node: Node; readonly least: number; readonly most: number };

const LONGEST = 2_000;
const MOST_STATES = 4_000;
const DEEPEST = 100;

class Unsupported extends Error {}

/** Null for a pattern that is not understood or too large; it is searched for anywhere in the text, as schemas want it. */
export function compilePattern(source: string): Pattern | null {
  if (source.length > LONGEST) return null;
  try {
    const program = toProgram(parse(source));
    return (text) => run(program, text);
  } catch (cause) {
    if (cause instanceof Unsupported) return null;
    throw cause;
  }
}

function parse(source: string): Node {
  const points = [...source].map((each) => each.codePointAt(0) ?? 0);
  let at = 0;
  let depth = 0;
  const next = (text: string): boolean => text !== '' && points[at] === text.codePointAt(0);
  const take = (text: string): boolean => {
    if ([...text].some((each, index) => points[at + index] !== each.codePointAt(0))) return false;
    at += text.length;
    return true;
  };

  function choice(): Node {
    if (++depth > DEEPEST) throw new Unsupported();
    const nodes = [sequence()];
    while (take('|')) nodes.push(sequence());
    depth--;
    return { type: 'any', nodes };
  }

  function sequence(): Node {
    const nodes: Node[] = [];
    while (at < points.length && !next('|') && !next(')')) nodes.push(repeated(atom()));
    return { type: 'all', nodes };
  }

  function repeated(node: Node): Node {
    let least = 1;
    let most = 1;
    if (take('*')) [least, most] = [0, Infinity];
    else if (take('+')) [least, most] = [1, Infinity];
    else if (take('?')) [least, most] = [0, 1];
    else {
      const range = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(String.fromCodePoint(...points.slice(at, at + 12)));
      if (!range) return node;
      at += range[0].length;
      least = Number(range[1]);
      most = range[2] === '' ? least : range[3] === '' ? Infinity : Number(range[3]);
    }
    // Lazy or greedy is the same for whether it matches.
    take('?');
    if (most < least || next('*') || next('+')) throw new Unsupported();
    return { type: 'repeat', node, least, most };
  }

  function atom(): Node {
    if (take('(')) {
      if (next('?') && !take('?:')) throw new Unsupported();
      const inner = choice();
      if (!take(')')) throw new Unsupported();
      return inner;
    }
    if (take('^')) return { type: 'start' };
    if (take('$')) return { type: 'end' };
    if (take('.')) return { type: 'chars', is: (code) => !LINE_ENDS.has(code) };
    if (take('[')) return { type: 'chars', is: klass() };
    if (take('\\')) {
      if (take('b')) return { type: 'edge' };
      if (take('B')) return { type: 'inside' };
      return { type: 'chars', is: asChars(escape()) };
    }
    const code = points[at];
    if (code === undefined || '*+?'.includes(String.fromCodePoint(code))) throw new Unsupported();
    at++;
    return { type: 'chars', is: (each) => each === code };
  }

  /** A set of characters, or the one that is meant. */
  function escape(): Chars | number {
    const code = points[at++];
    if (code === undefined) throw new Unsupported();
    const letter = String.fromCodePoint(code);
    const known = CLASSES.get(letter) ?? CONTROLS.get(letter);
    if (known !== undefined) return known;
    const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
    if (digits > 0) {
      const hex = String.fromCodePoint(...points.slice(at, at + digits));
      if (!/^[0-9a-f]+$/i.test(hex) || hex.length !== digits) throw new Unsupported();
      at += digits;
      return Number.parseInt(hex, 16);
    }
    if (/[a-z0-9]/i.test(letter)) throw new Unsupported();
    return code;
  }

  function member(): Chars | number {
    const code = points[at];
    if (code === undefined) throw new Unsupported();
    if (!take('\\')) {
      at++;
      return code;
    }
    return take('b') ? 8 : escape();
  }

  function klass(): Chars {
    const negated = take('^');
    const tests: Chars[] = [];
    while (!take(']')) {
      const from = member();
      const ranged = next('-') && points[at + 1] !== undefined && points[at + 1] !== ']'.codePointAt(0);
      if (!ranged || typeof from !== 'number') {
        tests.push(asChars(from));
        continue;
      }
      at++;
      const to = member();
      if (typeof to !== 'number' || to < from) throw new Unsupported();
      tests.push((code) => code >= from && code <= to);
    }
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  const whole = choice();
  if (at < points.length) throw new Unsupported();
  return whole;
}

function asChars(value: Chars | number): Chars {
  return typeof value === 'number' ? (code) => code === value : value;
}

const LINE_ENDS: ReadonlySet<number> = new Set([10, 13, 0x2028, 0x2029]);
const isDigit: Chars = (code) => code >= 48 && code <= 57;
const isWord: Chars = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: Chars = (code) => code === 0xfeff || /^\s$/u.test(String.fromCodePoint(code));
const CLASSES: ReadonlyMap<string, Chars> = new Map([
  ['d', isDigit],
  ['D', (code) => !isDigit(code)],
  ['w', isWord],
  ['W', (code) => !isWord(code)],
  ['s', isSpace],
  ['S', (code) => !isSpace(code)],
]);
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['f', 12],
  ['v', 11],
  ['0', 0],
]);

/** A state reads a character, or stands for the states that it leads to. */
type State =
  | { readonly reads: Chars; readonly to: number }
  | { readonly if: 'start' | 'end' | 'edge' | 'inside'; readonly to: number }
  | { readonly either: readonly number[] };

type Program = { readonly states: readonly State[]; readonly start: number };

const DONE = 0;

function toProgram(root: Node): Program {
  const states: State[] = [{ either: [] }];
  function add(state: State): number {
    if (states.length >= MOST_STATES) throw new Unsupported();
    return states.push(state) - 1;
  }
  /** Builds backwards: what follows is known. */
  function build(node: Node, then: number): number {
    switch (node.type) {
      case 'chars':
        return add({ reads: node.is, to: then });
      case 'all':
        return node.nodes.reduceRight((following, each) => build(each, following), then);
      case 'any': {
        const [only, ...others] = node.nodes;
        if (only && others.length === 0) return build(only, then);
        return add({ either: node.nodes.map((each) => build(each, then)) });
      }
      case 'repeat':
        return buildRepeat(node.node, node.least, node.most, then);
      case 'start':
      case 'end':
      case 'edge':
      case 'inside':
        return add({ if: node.type, to: then });
    }
  }
  function buildRepeat(node: Node, least: number, most: number, then: number): number {
    let start = then;
    if (most === Infinity) {
      const loop: number[] = [];
      const fork = add({ either: loop });
      loop.push(build(node, fork), then);
      start = fork;
    } else {
      for (let count = least; count < most; count++) start = add({ either: [build(node, start), then] });
    }
    for (let count = 0; count < least; count++) start = build(node, start);
    return start;
  }
  return { states, start: build(root, DONE) };
}

/** All states that may be the current one are followed at once. */
function run({ states, start }: Program, text: string): boolean {
  const points = [...text].map((each) => each.codePointAt(0) ?? 0);
  const seen = new Int32Array(states.length).fill(-1);
  let now: number[] = [];
  let after: number[] = [];
  /** Adds a state with all that it stands for; true when the end is among them. */
  function enter(first: number, place: number, into: number[]): boolean {
    const stack = [first];
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      if (state === DONE) return true;
      if (seen[state] === place) continue;
      seen[state] = place;
      const what = states[state];
      if (!what) continue;
      if ('reads' in what) into.push(state);
      else if ('either' in what) stack.push(...what.either);
      else if (holds(what.if, points, place)) stack.push(what.to);
    }
    return false;
  }
  for (let place = 0; place <= points.length; place++) {
    if (enter(start, place, now)) return true;
    const code = points[place];
    if (code === undefined) return false;
    after = [];
    for (const state of now) {
      const what = states[state];
      if (what && 'reads' in what && what.reads(code) && enter(what.to, place + 1, after)) return true;
    }
    now = after;
  }
  return false;
}

function holds(what: 'start' | 'end' | 'edge' | 'inside', points: readonly number[], place: number): boolean {
  if (what === 'start') return place === 0;
  if (what === 'end') return place === points.length;
  const before = points[place - 1];
  const behind = points[place];
  const edge = (before !== undefined && isWord(before)) !== (behind !== undefined && isWord(behind));
  return edge === (what === 'edge');
}
