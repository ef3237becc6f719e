/** How texts become words. 13a is that of mteval, which sacrebleu uses; treebank_line that of NLTK, on the text as one line. */
import { splitWords } from './code-points.ts';
import { porterStem } from './porter.ts';

export const TOKENIZERS = ['13a', 'whitespace', 'treebank_line'] as const;
export type Tokenizer = (typeof TOKENIZERS)[number];

export function tokenize(text: string, tokenizer: Tokenizer): readonly string[] {
  if (tokenizer === 'whitespace') return splitWords(text);
  return splitWords(tokenizer === '13a' ? mteval(text) : treebank(text));
}

function mteval(text: string): string {
  const entities = [
    ['&quot;', '"'],
    ['&amp;', '&'],
    ['&lt;', '<'],
    ['&gt;', '>'],
  ] as const;
  const line = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  return ` ${entities.reduce((rest, [entity, sign]) => rest.replaceAll(entity, sign), line)} `
    .replaceAll(/[ -&(-+/:-@[-`{-~]/gu, ' $& ')
    .replaceAll(/([^0-9])([.,])/gu, '$1 $2 ')
    .replaceAll(/([.,])([^0-9])/gu, ' $1 $2')
    .replaceAll(/([0-9])-/gu, '$1 - ');
}

const LETTER = '[\\p{L}\\p{N}_]';
const EDGE = `(?:(?<=${LETTER})(?!${LETTER})|(?<!${LETTER})(?=${LETTER}))`;

function pattern(source: string, flags = ''): RegExp {
  return new RegExp(source.replaceAll('\\b', EDGE), `gu${flags}`);
}

const OPENING: readonly (readonly [RegExp, string])[] = [
  [/[«“‘„]|`+/gu, ' $& '],
  [/^"/gu, '``'],
  [/``/gu, ' $& '],
  [/([ ([{<])(?:"|'')/gu, '$1 `` '],
  [pattern(`'(?!re|ve|ll|m|t|s|d|n)(${LETTER})\\b`, 'i'), "' $1"],
];
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/([:,])([^\p{Nd}])/gu, ' $1 $2'],
  [/([:,])(?=\n?$)/gu, ' $1 '],
  [/\.{2,}/gu, ' $& '],
  [/[;@#$%&]/gu, ' $& '],
];
const LATER_MARKS: readonly (readonly [RegExp, string])[] = [
  [/[?!]/gu, ' $& '],
  [/([^'])' /gu, "$1 ' "],
  [/\*/gu, ' $& '],
  [/[\][(){}<>]/gu, ' $& '],
  [/--/gu, ' -- '],
];
const CLOSING: readonly (readonly [RegExp, string])[] = [
  [/[»”’]/gu, ' $& '],
  [/''/gu, " '' "],
  [/"/gu, " '' "],
  [/([^' ])('[sS]|'[mM]|'[dD]|') /gu, '$1 $2 '],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /gu, '$1 $2 '],
];
const CONTRACTIONS: readonly RegExp[] = [
  pattern('\\b(can)(not)\\b', 'i'),
  pattern("\\b(d)('ye)\\b", 'i'),
  pattern('\\b(gim)(me)\\b', 'i'),
  pattern('\\b(gon)(na)\\b', 'i'),
  pattern('\\b(got)(ta)\\b', 'i'),
  pattern('\\b(lem)(me)\\b', 'i'),
  pattern("\\b(more)('n)\\b", 'i'),
  pattern('\\b(wan)(na)(?=\\s)', 'i'),
  pattern(" ('t)(is)\\b", 'i'),
  pattern(" ('t)(was)\\b", 'i'),
];

/**
 * Parts the final period from the word before it, as the expression `([^.])(\.)([closing]*)\s*$` does, which takes time by
 * the square of the spaces.
 */
function partFinalPeriod(text: string, closing: string, gap: string): string {
  let end = text.length;
  while (end > 0 && /\s/u.test(text.charAt(end - 1))) end -= 1;
  while (end > 0 && closing.includes(text.charAt(end - 1))) end -= 1;
  if (end < 2 || text.charAt(end - 1) !== '.' || text.charAt(end - 2) === '.') return text;
  let to = end;
  while (to < text.length && closing.includes(text.charAt(to))) to += 1;
  return `${text.slice(0, end - 1)} .${gap}${text.slice(end, to)} `;
}

function treebank(text: string): string {
  const replace = (rules: readonly (readonly [RegExp, string])[], line: string): string =>
    rules.reduce((rest, [from, to]) => rest.replaceAll(from, to), line);
  const opened = partFinalPeriod(replace(OPENING, text), '])}>"\'»”’ ', ' ');
  const marked = replace(LATER_MARKS, partFinalPeriod(replace(MARKS, opened), '])}>"\'', ''));
  const line = replace(CLOSING, ` ${marked} `);
  return CONTRACTIONS.reduce((rest, each) => rest.replaceAll(each, ' $1 $2 '), line);
}

type RougeOptions = { readonly stemming: boolean; readonly unicode: boolean };

/** Writing without spaces between words: each of its characters is a word. */
const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}]';
const UNICODE_WORD = new RegExp(`${UNSPACED}|(?:(?!${UNSPACED})[\\p{L}\\p{N}\\p{M}])+`, 'gu');

/** Runs of ASCII letters and digits in lower case; `unicode` takes the letters of all scripts. */
export function rougeWords(text: string, { stemming, unicode }: RougeOptions): readonly string[] {
  const words = text.toLowerCase().match(unicode ? UNICODE_WORD : /[a-z0-9]+/g) ?? [];
  return stemming ? words.map((word) => (word.length > 3 ? porterStem(word) : word)) : words;
}
