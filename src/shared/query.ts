/**
 * The search language of the one search box, shared by the engine (to run it) and the renderer (to highlight it).
 *
 *   weather "exact words" agent:Planner -tool:search error:true cost:>0.1 duration:>30s
 *   finding:ping-pong finding:any -finding:any finding:high
 *   annotated:true label:"Step repetition" annotator:ann verdict:fail score:quality>0.5 score:"tool use<=2"
 *   id:3f2a id:first,second (a part of an id, or several whole ones)
 *   grade:fail grade:"on time" grade:"on time=pass" grade:"on time>0.5" -grade:error
 *   since:2026-01-01 until:2026-01-31T18:30 meta:team meta:team=search meta:"run.case=no 7"
 *
 * Words and phrases must all occur in the trace's texts; `field:value` narrows; `-` excludes; a value with spaces is quoted.
 * What `since` and `until` name belongs to them: a day, a minute, a second; without a zone it is UTC.
 */
export const TEXT_FIELDS = [
  'agent',
  'tool',
  'model',
  'workflow',
  'status',
  'source',
  'session',
  'tag',
  'finding',
  'annotated',
  'label',
  'annotator',
  'verdict',
  'name',
  'id',
] as const;
export const NUMBER_FIELDS = ['cost', 'duration', 'spans', 'errors', 'tokens'] as const;
export const TIME_FIELDS = ['since', 'until'] as const;
export type TimeField = (typeof TIME_FIELDS)[number];
export type TextField = (typeof TEXT_FIELDS)[number];
export type NumberField = (typeof NUMBER_FIELDS)[number];
/** `none`: the grader did not apply. */
export type GradeOutcome = 'pass' | 'fail' | 'error' | 'none';
export type Comparison = '<' | '<=' | '=' | '>=' | '>';

export type QueryTerm =
  | { readonly type: 'text'; readonly text: string; readonly negated: boolean }
  | { readonly type: 'field'; readonly field: TextField; readonly value: string; readonly negated: boolean }
  | { readonly type: 'error'; readonly value: boolean }
  /** A score of this name, or any; without a comparison, whatever it is. */
  | {
      readonly type: 'score';
      readonly name: string | null;
      readonly comparison: Comparison | null;
      readonly value: number;
      readonly negated: boolean;
    }
  /** The last verdict of the grader of this name, or of any; without an outcome or comparison, whatever it is. */
  | {
      readonly type: 'grade';
      readonly name: string | null;
      readonly outcome: GradeOutcome | null;
      readonly comparison: Comparison | null;
      readonly value: number;
      readonly negated: boolean;
    }
  /** The trace began at or after `ms` (`since`), or before it (`until`): milliseconds since the Unix epoch. */
  | { readonly type: 'time'; readonly field: TimeField; readonly ms: number; readonly negated: boolean }
  /** A field of its metadata, also one in an object: `run.case`. Without a value, whatever it is. */
  | { readonly type: 'meta'; readonly key: string; readonly value: string | null; readonly negated: boolean }
  /** Duration is in nanoseconds; cost in USD. */
  | {
      readonly type: 'number';
      readonly field: NumberField;
      readonly comparison: Comparison;
      readonly value: number;
      readonly negated: boolean;
    };

export type ParsedQuery = { readonly terms: readonly QueryTerm[]; readonly problems: readonly string[] };

const TOKEN = /(-?)(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gy;
const NUMBER = /^(<=|>=|<|>|=)?\s*(\d+(?:\.\d+)?|\.\d+)\s*(ns|us|µs|ms|s|m|min|h|k)?$/i;
const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
};

const EITHER = {
  annotated: [
    ['true', 'yes'],
    ['false', 'no'],
  ],
  verdict: [
    ['pass', 'passed', 'true'],
    ['fail', 'failed', 'false'],
  ],
} as const;

export function parseQuery(text: string): ParsedQuery {
  const terms: QueryTerm[] = [];
  const problems: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match || match[0] === '') break;
    at = TOKEN.lastIndex;
    const [whole, minus, field, quoted, bare] = match;
    const negated = minus === '-';
    const value = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
    if (field === undefined) {
      if (value !== '') terms.push({ type: 'text', text: value, negated });
    } else if (field === 'annotated' || field === 'verdict') {
      const said = EITHER[field].find((words) => isIn(words, value.toLowerCase()))?.[0];
      if (said !== undefined) terms.push({ type: 'field', field, value: said, negated });
      else if (value !== '')
        problems.push(`"${whole}" must be ${field}:${EITHER[field].map(([word]) => word).join(` or ${field}:`)}`);
    } else if (field === 'score') {
      const score = readScore(value);
      if (score) terms.push({ type: 'score', ...score, negated });
      else if (value !== '') problems.push(`"${whole}" needs a number, such as score:quality>0.5`);
    } else if (field === 'grade' || field === 'grader') {
      const grade = readGrade(value);
      if (grade) terms.push({ type: 'grade', ...grade, negated });
      else if (value !== '') problems.push(`"${whole}" must be grade:fail, grade:"name=fail" or grade:"name>0.5"`);
    } else if (isIn(TIME_FIELDS, field)) {
      const ms = readTime(field, value);
      if (ms !== null) terms.push({ type: 'time', field, ms, negated });
      else if (value !== '') problems.push(`"${whole}" needs a day or a time, such as ${field}:2026-01-31`);
    } else if (field === 'meta') {
      const [, key = '', , wanted = null] = META.exec(value) ?? [];
      if (key.trim() !== '') terms.push({ type: 'meta', key: key.trim(), value: wanted, negated });
      else if (value !== '') problems.push(`"${whole}" needs a name, such as meta:team or meta:team=search`);
    } else if (isIn(TEXT_FIELDS, field)) {
      if (value !== '') terms.push({ type: 'field', field, value, negated });
    } else if (field === 'error') {
      terms.push({ type: 'error', value: (value !== 'false' && value !== 'no') !== negated });
    } else if (isIn(NUMBER_FIELDS, field)) {
      const number = readNumber(field, value);
      if (number) terms.push({ type: 'number', field, ...number, negated });
      else problems.push(`"${whole}" needs a number, such as ${field}:>${field === 'duration' ? '30s' : '10'}`);
    } else {
      // An unknown field is text that happens to hold a colon ("https://x", "Error: no").
      terms.push({ type: 'text', text: whole, negated: false });
    }
  }
  return { terms, problems };
}

/** Writes a `field:value` term, quoted when needed. */
export function fieldTerm(field: TextField | 'grade', value: string): string {
  return /^[^\s"\\]+$/.test(value) ? `${field}:${value}` : `${field}:"${value.replace(/(["\\])/g, '\\$1')}"`;
}

/** Writes a `meta:` term; without a value, for whatever it is. */
export function metaTerm(key: string, value: string | null): string {
  const text = value === null ? key : `${key}=${value}`;
  return /^[^\s"\\]+$/.test(text) ? `meta:${text}` : `meta:"${text.replace(/(["\\])/g, '\\$1')}"`;
}

const META = /^([^=]*)(=(.*))?$/s;
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

/** Where what is named begins, or for `until` where it is over. Null when there is no such day or time. */
function readTime(field: TimeField, value: string): number | null {
  const match = TIME.exec(value.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = match;
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const date = `${year}-${month}-${day}`;
  const start = Date.parse(
    `${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '').padEnd(3, '0')}${offset}`,
  );
  // JavaScript takes the 30th of February for the 2nd of March.
  if (Number.isNaN(start) || new Date(Date.parse(`${date}T00:00Z`)).toISOString().slice(0, 10) !== date) return null;
  if (field === 'since') return start;
  return start + (hour === undefined ? 86_400_000 : second === undefined ? 60_000 : fraction === undefined ? 1_000 : 1);
}

const SCORE = /^([^<>=]*)(<=|>=|<|>|=)\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))$/;

/** `quality>0.5`, `>0.5` for any score, `quality` for one of any value. */
function readScore(
  value: string,
): { readonly name: string | null; readonly comparison: Comparison | null; readonly value: number } | null {
  const match = SCORE.exec(value);
  if (!match) return /[<>=]/.test(value) || value === '' ? null : { name: value, comparison: null, value: 0 };
  const name = (match[1] ?? '').trim();
  return { name: name === '' ? null : name, comparison: match[2] as Comparison, value: Number(match[3]) };
}

const OUTCOMES: Readonly<Record<string, GradeOutcome>> = {
  pass: 'pass',
  passed: 'pass',
  fail: 'fail',
  failed: 'fail',
  error: 'error',
  errored: 'error',
  none: 'none',
  na: 'none',
};
const NAMED_OUTCOME = /^(.*)[=:]\s*([a-z]+)$/is;

/** `fail` of any grader, `name=fail`, `name>0.5`, or `name` for a verdict of any kind. */
function readGrade(value: string): Omit<Extract<QueryTerm, { type: 'grade' }>, 'type' | 'negated'> | null {
  const any = outcomeOf(value);
  if (any !== null) return { name: null, outcome: any, comparison: null, value: 0 };
  const match = NAMED_OUTCOME.exec(value);
  const outcome = match ? outcomeOf(match[2] ?? '') : null;
  if (match && outcome !== null) {
    const name = (match[1] ?? '').trim();
    return { name: name === '' ? null : name, outcome, comparison: null, value: 0 };
  }
  const score = readScore(value);
  if (score) return { ...score, outcome: null };
  // A name may hold a sign of equality.
  return value === '' || /[<>]/.test(value) ? null : { name: value, outcome: null, comparison: null, value: 0 };
}

function outcomeOf(word: string): GradeOutcome | null {
  const key = word.toLowerCase();
  return Object.hasOwn(OUTCOMES, key) ? (OUTCOMES[key] ?? null) : null;
}

/** Writes a `grade:` term of one grader. */
export function gradeTerm(name: string, outcome: GradeOutcome | null): string {
  const value = outcome === null ? name : `${name}=${outcome}`;
  return /^[^\s"\\]+$/.test(value) ? `grade:${value}` : `grade:"${value.replace(/(["\\])/g, '\\$1')}"`;
}

function readNumber(field: NumberField, value: string): { comparison: Comparison; value: number } | null {
  const match = NUMBER.exec(value);
  if (!match) return null;
  const [, comparison = field === 'cost' || field === 'duration' ? '>=' : '=', digits = '', unit] = match;
  const scale =
    unit === undefined
      ? field === 'duration'
        ? 1e9
        : 1
      : unit.toLowerCase() === 'k'
        ? 1e3
        : (UNIT_NS[unit.toLowerCase()] ?? 1);
  return { comparison: comparison as Comparison, value: Number(digits) * scale };
}

function isIn<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value);
}
