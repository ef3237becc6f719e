/** Text metrics of graders: how fast and how right they are, beside the fastest npm package of the same definition. */
import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import * as fuzzball from 'fuzzball';
import { l, n } from 'js-rouge';
import type { JsonObject } from '#shared/json.ts';
import { measure, METRICS, type Metric } from '../../src/main/graders/text/text-similarity.ts';
import { rougeWords } from '../../src/main/graders/text/metrics/tokenizers.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';

type Measured = Exclude<Metric, 'cosine'>;
type Pair = readonly [string, string];
type Rival = { readonly name: string; readonly score: (a: string, b: string) => number };
type Contest = {
  readonly metric: Measured;
  readonly options: JsonObject;
  readonly rival: Rival;
  /** Of the vectors of the reference implementation: file, and the score in it. */
  readonly vectors: string;
  readonly expected: (expected: never) => number;
};

const TIMES_SLOWER = 3;
const words = { stemming: false, unicode: false };
const tokenizer = (text: string): string[] => [...rougeWords(text, words)];
const orZero = (work: () => number): number => {
  try {
    return work();
  } catch {
    return 0;
  }
};

function fuzzy(
  scorer: string,
  name: 'ratio' | 'WRatio' | 'token_sort_ratio' | 'token_set_ratio' | 'partial_ratio',
): Contest {
  return {
    metric: 'fuzzy_match',
    options: { scorer },
    rival: { name: `fuzzball ${name}`, score: (a, b) => fuzzball[name](a, b, { full_process: true }) / 100 },
    vectors: 'text_fuzzy_match',
    expected: (expected: Readonly<Record<string, number>>) => expected[`${scorer}_processed`] ?? 0,
  };
}

function rouge(metric: Measured, score: Rival['score'], key: string): Contest {
  return {
    metric,
    options: {},
    rival: { name: 'js-rouge, with our words', score: (a, b) => orZero(() => score(a, b)) },
    vectors: 'text_rouge',
    expected: (expected: { readonly plain: Readonly<Record<string, { readonly fmeasure: number }>> }) =>
      expected.plain[key]?.fmeasure ?? 0,
  };
}

const CONTESTS: readonly Contest[] = [
  fuzzy('ratio', 'ratio'),
  fuzzy('partial_ratio', 'partial_ratio'),
  fuzzy('token_sort_ratio', 'token_sort_ratio'),
  fuzzy('token_set_ratio', 'token_set_ratio'),
  fuzzy('WRatio', 'WRatio'),
  rouge('rouge_1', (a, b) => n(a, b, { n: 1, tokenizer }), 'rouge1'),
  rouge('rouge_2', (a, b) => n(a, b, { n: 2, tokenizer }), 'rouge2'),
  rouge('rouge_l', (a, b) => l(a, b, { tokenizer, segmenter: (text) => [text] }), 'rougeL'),
  {
    metric: 'levenshtein',
    options: {},
    rival: { name: 'fastest-levenshtein', score: (a, b) => 1 - distance(a, b) / Math.max(a.length, b.length, 1) },
    vectors: 'text_levenshtein',
    expected: (expected: { readonly levenshtein_normalized_similarity: number }) =>
      expected.levenshtein_normalized_similarity,
  },
];

export const text: Benchmark = {
  id: 'text',
  method: `Pairs of made English-like texts, the second with one word in five replaced: many of 100 characters, some of 1,000, few of 5,000; the median of seven rounds after two to warm up, ours and the npm package in turns. Right: of the 25 pairs of the reference implementation (RapidFuzz, rouge_score), how many agree to 1e-9 (fuzzball rounds to whole percent: to 0.005). Hostile: two random texts of 100,000 characters over nine letters, the slowest metric.`,
  run({ say }) {
    const figures: Figure[] = [];
    for (const contest of CONTESTS) {
      figures.push(correctness(contest));
      for (const [length, count] of [
        [100, 1_000],
        [1_000, 60],
        [5_000, 5],
      ] as const)
        figures.push(speed(contest, length, count));
      say(`  ${contest.metric} ${JSON.stringify(contest.options)}`);
    }
    figures.push(hostile());
    return Promise.resolve(figures);
  },
};

function nameOf({ metric, options }: Contest): string {
  return typeof options.scorer === 'string' ? `${metric} ${options.scorer}` : metric;
}

function correctness(contest: Contest): Figure {
  const { cases } = JSON.parse(readFileSync(`test/fixtures/vectors/${contest.vectors}.json`, 'utf8')) as {
    readonly cases: readonly { readonly input: string; readonly reference: string; readonly expected: never }[];
  };
  const right = (score: (a: string, b: string) => number, within: number): number =>
    cases.filter(
      ({ input, reference, expected }) => Math.abs(score(input, reference) - contest.expected(expected)) <= within,
    ).length;
  const rounds = contest.rival.name.startsWith('fuzzball');
  const theirs = right(contest.rival.score, rounds ? 0.005 : 1e-9);
  return figure(
    `${nameOf(contest)}: right of ${String(cases.length)}`,
    right((a, b) => measure(contest.metric, contest.options, a, b).score, 1e-9),
    'pairs',
    { atLeast: cases.length },
    { name: contest.rival.name, value: theirs, unit: 'pairs' },
  );
}

function speed(contest: Contest, length: number, count: number): Figure {
  const pairs = Array.from({ length: count }, (_, at) => makePair(length, at + 1));
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -2; round < 7; round += 1) {
    const mine = time(pairs, (a, b) => measure(contest.metric, contest.options, a, b).score);
    const other = time(pairs, contest.rival.score);
    if (round < 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  const baseline = { name: contest.rival.name, value: median(theirs) / count, unit: 'µs a pair' };
  const name = `${nameOf(contest)}: ${length.toLocaleString('en-US')} characters`;
  return figure(name, median(ours) / count, 'µs a pair', { atMost: TIMES_SLOWER * baseline.value }, baseline);
}

function hostile(): Figure {
  const [a, b] = [noise(100_000, 1), noise(100_000, 2)];
  let slowest = { metric: '', seconds: 0 };
  for (const metric of METRICS) {
    if (metric === 'cosine') continue;
    const begun = performance.now();
    measure(metric, {}, a, b);
    const seconds = (performance.now() - begun) / 1_000;
    if (seconds > slowest.seconds) slowest = { metric, seconds };
  }
  return figure(`hostile: 100,000 characters each, ${slowest.metric}`, slowest.seconds, 's', { atMost: 10 });
}

let kept = 0;
/** Microseconds of all pairs. */
function time(pairs: readonly Pair[], score: Rival['score']): number {
  const begun = performance.now();
  for (const [a, b] of pairs) kept += score(a, b);
  return (performance.now() - begun) * 1_000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SYLLABLES = ['ta', 'ren', 'so', 'li', 'mor', 'an', 'de', 'ki', 'us', 'ber', 'the', 'of'];

function makePair(length: number, seed: number): Pair {
  const draw = random(seed);
  const word = (): string =>
    Array.from(
      { length: 1 + Math.floor(draw() * 3) },
      () => SYLLABLES[Math.floor(draw() * SYLLABLES.length)] ?? '',
    ).join('');
  const made: string[] = [];
  for (let size = 0; size < length; size += (made.at(-1)?.length ?? 0) + 1) made.push(word());
  const other = made.map((each) => (draw() < 0.2 ? word() : each));
  return [made.join(' '), other.join(' ')];
}

function noise(length: number, seed: number): string {
  const draw = random(seed);
  return Array.from({ length }, () => 'abcdefgh '[Math.floor(draw() * 9)] ?? '').join('');
}
