/** How often: "once", "three times", "3 or more times", "at most twice", "2 to 5 times". */
import type { Token } from './pattern-parse.ts';

export type Times = { readonly least: number; readonly most: number | null };

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const N = String.raw`(\d{1,6}|${NUMBERS.join('|')})`;
/** "5 times", "once": how many of them. */
const TIMES = String.raw`(?:${N} times?|(once|twice|thrice))`;

const FORMS: readonly (readonly [form: RegExp, times: (...numbers: readonly number[]) => Times])[] = (
  [
    [`${TIMES}`, (n) => ({ least: n, most: n })],
    [`exactly ${TIMES}`, (n) => ({ least: n, most: n })],
    [`(?:${N} or more times?|${N}\\+ times?|${TIMES} or more|at least ${TIMES})`, (n) => ({ least: n, most: null })],
    [`more than ${TIMES}`, (n) => ({ least: n + 1, most: null })],
    [`(?:at most|up to|no more than|not more than) ${TIMES}`, (n) => ({ least: 0, most: n })],
    [`(?:fewer|less) than ${TIMES}`, (n) => ({ least: 0, most: Math.max(0, n - 1) })],
    [`${N} (?:to|or) ${N} times`, (n, m = n) => ({ least: n, most: m })],
    [`between ${N} and ${N} times`, (n, m = n) => ({ least: n, most: m })],
  ] as const satisfies readonly (readonly [string, (n: number, m?: number) => Times])[]
).map(([form, times]) => [new RegExp(`^${form}$`), times as (...numbers: readonly number[]) => Times]);

/** Words that any of them could begin with, and how many words they may have. */
const LONGEST = 6;

/** Where in the words after a verb the name ends and the number begins; a name has one word at least. */
export function timesAt(tokens: readonly Token[]): number {
  for (let place = Math.max(1, tokens.length - LONGEST); place < tokens.length; place++)
    if (readTimes(tokens.slice(place))) return place;
  return tokens.length;
}

export function readTimes(tokens: readonly Token[]): Times | null {
  if (tokens.length === 0 || tokens.length > LONGEST || tokens.some(({ type }) => type !== 'word')) return null;
  const text = tokens.map(({ lower }) => lower).join(' ');
  for (const [form, times] of FORMS) {
    const match = form.exec(text);
    if (match)
      return times(
        ...match
          .slice(1)
          .filter((each) => each !== undefined)
          .map(numberOf),
      );
  }
  return null;
}

function numberOf(word: string): number {
  const said = ['once', 'twice', 'thrice'].indexOf(word);
  if (said >= 0) return said + 1;
  const spelt = NUMBERS.indexOf(word);
  return spelt >= 0 ? spelt : Number(word);
}
