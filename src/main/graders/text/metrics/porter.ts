/**
 * Porter's stemmer (1980) with the extensions of NLTK, which METEOR and rouge_score are defined by: words that are known as
 * they are, and other rules for -ies, -ied, -y, -alli, -fulli, -logi. Other stemmers on npm differ from it.
 */

const KNOWN: ReadonlyMap<string, string> = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

/** The first ending that fits decides, whether its condition holds or not. */
type Rule = readonly [ending: string, becomes: string, when: (stem: string) => boolean];

export function porterStem(text: string): string {
  const word = text.toLowerCase();
  const known = KNOWN.get(word);
  if (known !== undefined) return known;
  if (word.length <= 2) return word;
  return [plural, past, finalY, doubleSuffix, suffix, longSuffix, finalE, finalL].reduce(
    (stem, step) => step(stem),
    word,
  );
}

function plural(word: string): string {
  if (word.endsWith('ies') && word.length === 4) return word.slice(0, -1);
  return apply(word, [
    ['sses', 'ss', always],
    ['ies', 'i', always],
    ['ss', 'ss', always],
    ['s', '', always],
  ]);
}

function past(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = ['ed', 'ing'].find((each) => word.endsWith(each) && hasVowel(word.slice(0, -each.length)));
  if (ending === undefined) return word;
  const stem = word.slice(0, -ending.length);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function finalY(word: string): string {
  const stem = word.slice(0, -1);
  return word.endsWith('y') && stem.length > 1 && shape(stem).endsWith('c') ? `${stem}i` : word;
}

const DOUBLE_SUFFIXES: readonly Rule[] = (
  [
    ['ational', 'ate'],
    ['tional', 'tion'],
    ['enci', 'ence'],
    ['anci', 'ance'],
    ['izer', 'ize'],
    ['bli', 'ble'],
    ['alli', 'al'],
    ['entli', 'ent'],
    ['eli', 'e'],
    ['ousli', 'ous'],
    ['ization', 'ize'],
    ['ation', 'ate'],
    ['ator', 'ate'],
    ['alism', 'al'],
    ['iveness', 'ive'],
    ['fulness', 'ful'],
    ['ousness', 'ous'],
    ['aliti', 'al'],
    ['iviti', 'ive'],
    ['biliti', 'ble'],
    ['fulli', 'ful'],
  ] as const
).map(([ending, becomes]): Rule => [ending, becomes, longEnough]);

function doubleSuffix(word: string): string {
  if (word.endsWith('alli') && longEnough(word.slice(0, -4))) return doubleSuffix(word.slice(0, -2));
  // Measured with the l that stays.
  return apply(word, [...DOUBLE_SUFFIXES, ['logi', 'log', (stem) => longEnough(`${stem}l`)]]);
}

function suffix(word: string): string {
  return apply(word, [
    ['icate', 'ic', longEnough],
    ['ative', '', longEnough],
    ['alize', 'al', longEnough],
    ['iciti', 'ic', longEnough],
    ['ical', 'ic', longEnough],
    ['ful', '', longEnough],
    ['ness', '', longEnough],
  ]);
}

const LONG_SUFFIXES: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'],
  'ion',
  ...['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'],
].map((ending): Rule => [
  ending,
  '',
  (stem) => measure(stem) > 1 && (ending !== 'ion' || stem.endsWith('s') || stem.endsWith('t')),
]);

function longSuffix(word: string): string {
  return apply(word, LONG_SUFFIXES);
}

function finalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const stem = word.slice(0, -1);
  const length = measure(stem);
  return length > 1 || (length === 1 && !endsShort(stem)) ? stem : word;
}

function finalL(word: string): string {
  return word.endsWith('ll') && measure(word.slice(0, -1)) > 1 ? word.slice(0, -1) : word;
}

function apply(word: string, rules: readonly Rule[]): string {
  for (const [ending, becomes, when] of rules) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, word.length - ending.length);
    return when(stem) ? stem + becomes : word;
  }
  return word;
}

function always(): boolean {
  return true;
}

function longEnough(stem: string): boolean {
  return measure(stem) > 0;
}

/** `v` for each vowel, `c` for the rest; y is a vowel after a consonant. */
function shape(word: string): string {
  let shaped = '';
  let vowel = true;
  for (const letter of word) {
    vowel = 'aeiou'.includes(letter) || (letter === 'y' && !vowel);
    shaped += vowel ? 'v' : 'c';
  }
  return shaped;
}

/** How often vowels are followed by a consonant. */
function measure(stem: string): number {
  return shape(stem).split('vc').length - 1;
}

function hasVowel(stem: string): boolean {
  return shape(stem).includes('v');
}

function endsDouble(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && shape(word).endsWith('c');
}

/** Consonant, vowel, consonant other than w, x, y; or two letters, vowel and consonant. */
function endsShort(word: string): boolean {
  const shaped = shape(word);
  return (shaped.endsWith('cvc') && !/[wxy]$/.test(word)) || shaped === 'vc';
}
