/**
 * The facts in a text, by rules and without a model: numbers with their units, dates and times, identifiers, proper names,
 * quoted texts, and clauses that constrain. Deterministic and linear in the text: every pattern looks at most a bounded
 * number of characters ahead. What it cannot know: names in scripts without capitals, and constraints in other languages
 * than English (their numbers, dates, identifiers and quotations are found all the same).
 */
import type { FactKind } from '#shared/answers.ts';
import { dateKey, MONTH, quantity, slashDate, timeKey, UNIT } from './fact-values.ts';

export type Fact = {
  readonly kind: FactKind;
  /** Equal for the same fact in other spelling. */
  readonly key: string;
  /** As it stands there, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Of a number, what is counted or paid with; '' = none is written. */
  readonly unit: string;
};

/** Facts that are found in one text at most, and the characters of it that are looked at. */
export const MOST_FACTS = 2_000;
const LOOKED_AT = 1_000_000;

export function extractFacts(whole: string, most = MOST_FACTS): Fact[] {
  const text = whole.length > LOOKED_AT ? whole.slice(0, LOOKED_AT) : whole;
  const found: Fact[] = [];
  const taken = new Taken();
  for (const find of [findIds, findDates, findNumbers, findQuotes, findNames]) {
    for (const fact of find(text)) {
      if (found.length >= most) break;
      if (fact.kind !== 'quote' && !taken.claim(fact.start, fact.end)) continue;
      found.push(fact);
    }
  }
  // Constraints hold other facts, which are told by themselves as well.
  let constraints = 0;
  for (const fact of findConstraints(text)) {
    if (constraints++ >= most / 4) break;
    found.push(fact);
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Which characters belong to a fact already: an id is no number, and a date is not three. */
class Taken {
  private readonly starts = new Map<number, number>();

  claim(start: number, end: number): boolean {
    // Blocks of 64 characters: a claim touches as many as it is long.
    const claims: [number, number][] = [];
    for (let block = start >> 6; block <= (end - 1) >> 6; block++) claims.push([block, block << 6]);
    for (const [block, base] of claims) {
      for (let at = Math.max(start, base); at < Math.min(end, base + 64); at++)
        if (this.has(block, at - base)) return false;
    }
    for (const [block, base] of claims) {
      for (let at = Math.max(start, base); at < Math.min(end, base + 64); at++) this.set(block, at - base);
    }
    return true;
  }

  private has(block: number, bit: number): boolean {
    return (((this.starts.get(block * 2 + (bit >> 5)) ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  private set(block: number, bit: number): void {
    const word = block * 2 + (bit >> 5);
    this.starts.set(word, (this.starts.get(word) ?? 0) | (1 << (bit & 31)));
  }
}

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu;
const URL = /\b[a-z][a-z0-9+.-]{1,11}:\/\/[^\s<>"'`|\\^{}]{1,2000}/giu;
const PATH = /(?<![\p{L}\p{N}/.~])(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\p{L}\p{N}_.@+-]{1,100}){2,30}/gu;
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/giu;
/** Letters and digits in one word, with what joins them: `W99120`, `order_12`, `gpt-4.1`, `HAT136`. */
const MIXED =
  /(?<![\p{scx=Latin}\p{N}_])#?(?=[A-Za-z0-9_.-]{0,40}[0-9])[A-Za-z0-9]{1,40}(?:[_.-][A-Za-z0-9]{1,40}){0,8}(?![\p{scx=Latin}\p{N}_]|["']? {0,2}:(?= ))/gu;
/** `snake_case`, `camelCase`, `call()`, `module.name()`. */
const SYMBOL =
  /(?<![\p{L}\p{N}_])(?:[A-Za-z]\w{0,40}_\w{1,60}|[a-z]{1,40}(?:[A-Z][a-z0-9]{1,40}){1,8}|[A-Za-z]\w{0,60}(?:\.[A-Za-z]\w{0,60}){0,4}\(\))(?![\p{L}\p{N}_]|["']? {0,2}:(?= ))/gu;

function* findIds(text: string): Generator<Fact> {
  yield* each(text, URL, (match) => word('id', match.replace(/[.,;:!?)\]'"]{1,8}$/u, ''), 0));
  yield* each(text, EMAIL, (match) => word('id', match.replace(/\.$/, ''), 0));
  yield* each(text, UUID, (match) => word('id', match, 0));
  yield* each(text, PATH, (match) => word('id', match.replace(/[.,;:]{1,4}$/u, ''), 0));
  yield* each(text, MIXED, (match) => (isIdentifier(match) ? word('id', match, 0) : null));
  yield* each(text, SYMBOL, (match) => word('id', match, 0));
}

function isIdentifier(match: string): boolean {
  const digits = match.replace(/\P{N}/gu, '').length;
  if (match.startsWith('#')) return digits >= 2;
  // A number with decimals, a date, a clock, or a count with its unit ("30kg", "2nd") is none.
  if (/^[\p{N}.,-]+$/u.test(match)) return /^\d{2,8}-\d{3,12}(?:-\d{1,12}){0,3}$/.test(match) && !ISO_DAY.test(match);
  if (new RegExp(`^\\d+(?:\\.\\d+)?(?:${UNIT}|k|bn|st|nd|rd|th|am|pm|x)$`, 'i').test(match)) return false;
  if (/^(?:\d{4}-\d\d-\d\dT\d|\d\dZ$)/.test(match)) return false;
  return match.length >= 3 && (digits >= 2 || match.length >= 5) && /\p{L}/u.test(match);
}

const ISO_DAY = /^\d{4}-\d{1,2}-\d{1,2}$/;
const ISO =
  /(?<![\p{N}-])(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\p{N}-])/gu;
const DAY_FIRST = new RegExp(
  `(?<![\\p{N}])(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH})\\b\\.?(?:,? (\\d{4}))?(?!\\p{N})`,
  'giu',
);
const MONTH_FIRST = new RegExp(`\\b(${MONTH})\\b\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?(?![\\p{N}:])`, 'giu');
const MONTH_YEAR = new RegExp(`\\b(${MONTH})\\b\\.?,? (\\d{4})(?!\\p{N})`, 'giu');
const SLASHED = /(?<![\p{N}/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\p{N}/])/gu;
const CLOCK = /(?<![\p{N}:.,])(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?: ?([ap])\.?m\b\.?)?(?![\p{N}:])/giu;
const HALF_DAY = /(?<![\p{N}:.,])(\d{1,2}) ?([ap])\.?m\b\.?/giu;

function* findDates(text: string): Generator<Fact> {
  yield* each(text, ISO, (_, [year, month, day, hours, minutes, seconds]) => {
    const date = dateKey(year, month, day);
    const time = hours === '' ? '' : timeKey(hours, minutes, seconds, '');
    return date === null || time === null ? null : { kind: 'date', key: date + time };
  });
  yield* each(text, DAY_FIRST, (_, [day, month, year]) => keyed('date', dateKey(year, month, day)));
  yield* each(text, MONTH_FIRST, (_, [month, day, year]) => keyed('date', dateKey(year, month, day)));
  yield* each(text, MONTH_YEAR, (_, [month, year]) => keyed('date', dateKey(year, month, '1')?.slice(0, 7) ?? null));
  yield* each(text, SLASHED, (_, [a, sign, b, year]) =>
    keyed('date', sign === '.' ? dateKey(year, b, a) : slashDate(a, b, year)),
  );
  yield* each(text, CLOCK, (_, [hours, minutes, seconds, half]) =>
    keyed('date', timeKey(hours, minutes, seconds, half)),
  );
  yield* each(text, HALF_DAY, (_, [hours, half]) => keyed('date', timeKey(hours, '', '', half)));
}

const NUMBER = new RegExp(
  `(?<![\\p{scx=Latin}\\p{N}_.,])(US\\$|[$€£¥₹])? ?([-−+]?(?:\\d{1,3}(?:[,'’.\\u00a0\\u202f]\\d{3}){1,6}(?:[.,]\\d{1,12})?|\\d{1,15}(?:[.,]\\d{1,12})?))(?![\\p{N}_])(?:[ -]?(k|bn|thousand|million|billion)\\b)?(?: ?([%€£¥元円]|°[CF]?|percent\\b|per cent\\b)|[ -]?(${UNIT})\\b)?`,
  'giu',
);

function* findNumbers(text: string): Generator<Fact> {
  yield* each(text, NUMBER, (match, [sign, digits, scale, symbol, unit], start) => {
    const { value, unit: meaning } = quantity(sign, digits.replace(/^[-−+]/, ''), scale, symbol || unit);
    const negative = /^[-−]/.test(digits) && !/[\p{L}\p{N})]\s{0,2}$/u.test(text.slice(Math.max(0, start - 3), start));
    // A lone digit counts steps and items; the number of a list is none of its facts.
    if (meaning === '' && sign === '' && scale === '' && value.length < 2) return null;
    if (/^\d{1,3}$/.test(match) && isListNumber(text, start, start + match.length)) return null;
    const skip = match.length - match.trimStart().length;
    return { kind: 'number', key: (negative ? '-' : '') + value, unit: meaning, from: skip };
  });
}

function isListNumber(text: string, start: number, end: number): boolean {
  return /[.)]/.test(text.charAt(end)) && /(?:^|\n)[ \t>*-]{0,8}$/.test(text.slice(Math.max(0, start - 9), start));
}

const QUOTES: readonly RegExp[] = [
  /(?<![\p{L}\p{N}"])"([^"\n]{2,200})"(?![\p{L}\p{N}])/gu,
  /“([^“”\n]{2,200})”/gu,
  /„([^„“”\n]{2,200})[“”]/gu,
  /«\s?([^«»\n]{2,200}?)\s?»/gu,
  /「([^「」\n]{1,100})」/gu,
  /(?<!`)`([^`\n]{2,200})`(?!`)/gu,
  /(?<![\p{L}\p{N}])'([^'\n]{3,100})'(?![\p{L}\p{N}])/gu,
];

function* findQuotes(text: string): Generator<Fact> {
  for (const pattern of QUOTES)
    yield* each(text, pattern, (match, [quoted]) => {
      const from = match.indexOf(quoted);
      return /[\p{L}\p{N}]/u.test(quoted) ? { kind: 'quote', key: plain(quoted), from, length: quoted.length } : null;
    });
}

const CAPITAL = "\\p{Lu}[\\p{L}\\p{M}'’-]{0,40}";
const PARTICLE = '(?:of|de|del|della|di|da|van|von|der|den|la|le|al|el|bin|ibn|und|y|du|the|&)';
const NAMES = new RegExp(
  `(?<![\\p{L}\\p{N}_.@/#-])${CAPITAL}(?:(?: ${PARTICLE}){0,2} (?:${CAPITAL})){0,5}(?![\\p{L}\\p{N}_])`,
  'gu',
);
/** Words that begin sentences, or stand in capitals to be heard, and name nobody. */
const COMMON = new Set(
  'a an the this that these those it its he she they we i you your our my his her their there here please yes no not and or but if when while where who what which why how as at by for from in into on of to with without after before until since also all any each every some most more many few one two three do does did don done is are was were be been has have had can could will would shall should may might must never only always however therefore then thus so let make use using given note ok okay sure thanks thank hello hi dear sorry now next first second third finally last step task answer question result results error output input action thought observation plan example user assistant system tool agent monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december important warning terminate true false none null json api url id html http https'.split(
    ' ',
  ),
);
const MONTHS_AND_DAYS = new RegExp(`^(?:${MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$`);
/** Above this share of capitals inside sentences, capitals do not tell names: German, titles. */
const MOST_CAPITALS = 0.22;

function* findNames(text: string): Generator<Fact> {
  const sole = capitalsTell(text);
  yield* each(text, NAMES, (match, _groups, start) => {
    let from = 0;
    let words = match.split(' ');
    while (words.length > 0 && isNoName(words[0] ?? '')) from += (words.shift() ?? '').length + 1;
    while (words.length > 0 && MONTHS_AND_DAYS.test(words.at(-1) ?? '')) words = words.slice(0, -1);
    if (words.length === 0) return null;
    if (!sole && words.some((said) => /^\p{Ll}/u.test(said))) return null;
    if (words.length === 1 && (!sole || (from === 0 && beginsSentence(text, start)))) return null;
    const name = words.join(' ').replace(/['’]s$/u, '');
    if (name.length < 2 || (words.length === 1 && /^\p{Lu}+$/u.test(name) && name.length > 6)) return null;
    return { kind: 'name', key: plain(name), from, length: name.length };
  });
}

function isNoName(said: string): boolean {
  return COMMON.has(said.toLowerCase().replace(/['’].*$/u, '')) || said.length < 2;
}

/** Also after a colon, a bullet, a table's bar or a heading: there, a capital is a habit. */
function beginsSentence(text: string, start: number): boolean {
  return /(?:^|\d\)|[.!?:;。！？…\n|>#*\-–—"“”'([{])[ \t*_#>"“'([{-]{0,6}$/u.test(
    text.slice(Math.max(0, start - 8), start),
  );
}

const LETTERS_WORD = /(?<=[\p{L},] )\p{L}[\p{L}'’-]{1,40}/gu;

function capitalsTell(text: string): boolean {
  let all = 0;
  let capital = 0;
  for (const [said] of text.slice(0, 20_000).matchAll(LETTERS_WORD)) {
    all++;
    if (/^\p{Lu}/u.test(said)) capital++;
  }
  return all < 20 || capital / all <= MOST_CAPITALS;
}

/** English words that make a clause a constraint. */
const CONSTRAINT =
  /\b(?:must(?: not|n['’]t)?|shall(?: not)?|should(?: not|n['’]t)|never|only|always|cannot|can['’]t|may not|at most|at least|no more than|no less than|not more than|no later than|no earlier than|up to a maximum|maximum of|minimum of|exactly|until|unless|do not|don['’]t|required(?! (?:to|for)\b)|mandatory|forbidden|prohibited|not allowed|without|avoid|except|limited to|within)\b/i;
/** Those that hardly stand where something is only told. */
const STRONG =
  /\b(?:must|shall not|never|at most|at least|no more than|no less than|not more than|no later than|no earlier than|maximum of|minimum of|do not|don['’]t|mandatory|forbidden|prohibited|not allowed|limited to)\b/i;

export function isStrong(constraint: string): boolean {
  return (
    STRONG.test(constraint) || LIMIT_FIELD.test(/^[\p{L}\p{N}_-]{2,80}(?=["']?\s*[:=])/u.exec(constraint)?.[0] ?? '')
  );
}

/** Fields of JSON whose values constrain. */
const LIMIT_FIELD =
  /(?:^|[_-])(?:max(?:imum)?|min(?:imum)?|limit|budget|deadline|must|required|only|never|forbidden|allowed|until|before|constraint)s?(?:$|[_-])|^(?:max|min)[A-Z]/;
const FIELD_LINE = /^[ \t]*["']?([\p{L}\p{N}_.[\]-]{2,80})["']?[ \t]{0,4}[:=][ \t]{0,4}(\S[^\n]{0,200})/u;
/** Sentences, lines, and clauses after a semicolon. */
const SENTENCE = /[^\n.!?;。！？；]{1,600}(?:[.](?=[\p{L}\p{N}])[^\n.!?;。！？；]{1,200}){0,6}/gu;

function* findConstraints(text: string): Generator<Fact> {
  for (const { 0: raw, index } of text.matchAll(SENTENCE)) {
    const skip = raw.length - raw.trimStart().length;
    const said = raw.trim();
    if (said.length < 8) continue;
    const [, field = '', value = ''] = FIELD_LINE.exec(said) ?? [];
    const limits = field !== '' && LIMIT_FIELD.test(field.split(/[.[\]]/).findLast((part) => part !== '') ?? '');
    if (!limits && !CONSTRAINT.test(said)) continue;
    // A bare word such as "required" is a caption.
    if (!limits && said.split(/\s+/, 4).length < 3) continue;
    if (limits && value.trim() === '') continue;
    const bullet = /^(?:[-*•>#|]|\d{1,3}[.)])[ \t]{1,4}/.exec(said)?.[0].length ?? 0;
    // Of `"reason": "It must …"` what is said counts, not where.
    const from = limits || field === '' ? bullet : said.length - value.length + (/^["']/.test(value) ? 1 : 0);
    const clause = said.slice(from);
    const start = index + skip + from;
    yield { kind: 'constraint', key: plain(clause), start, end: start + clause.length, unit: '' };
  }
}

type Read = {
  readonly kind: FactKind;
  readonly key: string;
  readonly unit?: string;
  /** Where the fact begins in the match, and how long it is, when it is not all of it. */
  readonly from?: number;
  readonly length?: number;
};

function* each(
  text: string,
  pattern: RegExp,
  read: (match: string, groups: Groups, start: number) => Read | null,
): Generator<Fact> {
  for (const match of text.matchAll(pattern)) {
    const groups = match.slice(1).map((group: string | undefined) => group ?? '') as unknown as Groups;
    const fact = read(match[0], groups, match.index);
    if (!fact || fact.key === '') continue;
    const start = match.index + (fact.from ?? 0);
    const length = fact.length ?? match[0].trimEnd().length - (fact.from ?? 0);
    yield { kind: fact.kind, key: fact.key, start, end: start + length, unit: fact.unit ?? '' };
  }
}

type Groups = readonly [string, string, string, string, string, string];

function keyed(kind: FactKind, key: string | null): Read | null {
  return key === null ? null : { kind, key };
}

function word(kind: FactKind, said: string, from: number): Read | null {
  const key = said
    .toLowerCase()
    .replace(/^#/, '')
    .replace(/[/\\]$|\(\)$/, '');
  return key.length < 2 ? null : { kind, key, from, length: said.length };
}

/** Letters and digits in small letters, one space between them. */
function plain(said: string): string {
  return said
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
