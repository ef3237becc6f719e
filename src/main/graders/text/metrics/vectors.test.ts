import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bleu, gleu, type Smoothing } from './bleu.ts';
import { codesOf } from './code-points.ts';
import { cosine, lexicalCosine } from './cosine.ts';
import { fuzzyScore, type FuzzyScorer } from './fuzzy.ts';
import { editDistance, lcsLength } from './lcs.ts';
import { meteor } from './meteor.ts';
import { porterStem } from './porter.ts';
import { rougeL, rougeN } from './rouge.ts';
import { rougeWords, tokenize, TOKENIZERS, type Tokenizer } from './tokenizers.ts';
import { bestWindow } from './windows.ts';

type Case<T> = { readonly name: string; readonly input: string; readonly reference: string } & T;

function vectors<T>(name: string): readonly Case<T>[] {
  const text = readFileSync(`test/fixtures/vectors/${name}.json`, 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case<T>[] }).cases;
}

function near(value: number, expected: number, what: string): void {
  expect(Math.abs(value - expected), `${what}: ${String(value)} for ${String(expected)}`).toBeLessThanOrEqual(1e-9);
}

describe('vectors of the reference implementations', () => {
  test('words', () => {
    type Words = { readonly [tokenizer: string]: { readonly input: string[]; readonly reference: string[] } };
    for (const { name, tokens, ...texts } of vectors<{ readonly tokens: Words }>('text_tokenizers'))
      for (const [tokenizer, expected] of Object.entries(tokens))
        for (const side of ['input', 'reference'] as const) {
          const words = tokenizer.startsWith('rouge')
            ? rougeWords(texts[side], { stemming: tokenizer === 'rouge_stem', unicode: false })
            : tokenize(texts[side], tokenizer as Tokenizer);
          expect(words, `${name} ${tokenizer} ${side}`).toEqual(expected[side]);
        }
  });

  test('stems', () => {
    for (const { word, ...stems } of vectors<{ readonly word: string; readonly nltk_extensions: string }>(
      'text_porter_stemmer',
    ))
      expect(porterStem(word), word).toBe(stems.nltk_extensions);
  });

  test('BLEU', () => {
    type Scores = { readonly [tokenizer: string]: { readonly [smoothing: string]: number | null } };
    for (const { name, input, reference, expected } of vectors<{ readonly expected: Scores }>('text_bleu'))
      for (const [tokenizer, scores] of Object.entries(expected))
        for (const [method, score] of Object.entries(scores)) {
          const smoothing = (method === 'no_smoothing' ? 'none' : method) as Smoothing;
          const words = [input, reference].map((text) => tokenize(text, tokenizer as Tokenizer));
          near(bleu(words[0]!, words[1]!, smoothing), score ?? 0, `${name} ${tokenizer} ${method}`);
        }
  });

  test('GLEU', () => {
    for (const { name, input, reference, expected } of vectors<{ readonly expected: Record<Tokenizer, number> }>(
      'text_gleu',
    ))
      for (const tokenizer of TOKENIZERS)
        near(gleu(tokenize(input, tokenizer), tokenize(reference, tokenizer)), expected[tokenizer], name);
  });

  test('METEOR without synonyms', () => {
    type Scores = Record<Tokenizer, { readonly no_wordnet: number }>;
    for (const { name, input, reference, expected } of vectors<{ readonly expected: Scores }>('text_meteor'))
      for (const tokenizer of TOKENIZERS)
        near(meteor(tokenize(input, tokenizer), tokenize(reference, tokenizer)), expected[tokenizer].no_wordnet, name);
  });

  test('ROUGE', () => {
    type Figures = { readonly [metric: string]: { readonly [figure: string]: number } };
    type Scores = { readonly plain: Figures; readonly stemmed: Figures };
    for (const { name, input, reference, expected } of vectors<{ readonly expected: Scores }>('text_rouge'))
      for (const stemming of [false, true]) {
        const words = [input, reference].map((text) => rougeWords(text, { stemming, unicode: false }));
        for (const [metric, figures] of Object.entries(stemming ? expected.stemmed : expected.plain)) {
          const made =
            metric === 'rougeL' ? rougeL(words[0]!, words[1]!) : rougeN(words[0]!, words[1]!, Number(metric.slice(5)));
          for (const [figure, value] of Object.entries(figures))
            near(made[figure as keyof typeof made], value, `${name} ${metric} ${figure} ${String(stemming)}`);
        }
      }
  });

  test('fuzzy matching', () => {
    for (const { name, input, reference, expected } of vectors<{ readonly expected: Record<string, number> }>(
      'text_fuzzy_match',
    ))
      for (const [scorer, score] of Object.entries(expected)) {
        const [of = '', processed] = scorer.split('_processed');
        const made = fuzzyScore(input, reference, of as FuzzyScorer, processed !== undefined);
        near(made.score, score, `${name} ${scorer}`);
        expect(made.within).toBe(0);
      }
  });

  test('edit distance', () => {
    type Figures = { readonly levenshtein_distance: number; readonly indel_distance: number };
    for (const { name, input, reference, expected } of vectors<{ readonly expected: Figures }>('text_levenshtein')) {
      const [a, b] = [codesOf(input), codesOf(reference)];
      expect(editDistance(a, b), name).toBe(expected.levenshtein_distance);
      expect(a.length + b.length - 2 * lcsLength(a, b), name).toBe(expected.indel_distance);
    }
  });

  test('cosine', () => {
    type Vectors = { readonly a: number[]; readonly b: number[]; readonly expected: number };
    for (const { a, b, expected } of vectors<Vectors>('cosine')) near(cosine(a, b), expected, JSON.stringify([a, b]));
    expect(() => cosine([1], [1, 2])).toThrow('dimensions');
  });
});

describe('against the plain definition', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀'), maxLength: 120 });

  test('longest common subsequence and edit distance, over blocks of 32 and 128', () => {
    const longer = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(longer, longer, (one, other) => {
        const [a, b] = [codesOf(one), codesOf(other)];
        expect(lcsLength(a, b)).toBe(plainLcs(a, b));
        expect(editDistance(a, b)).toBe(plainDistance(a, b));
      }),
      { numRuns: 150 },
    );
  });

  test('best window, and its bound where only some are looked at', () => {
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        const [a, b] = [codesOf(one), codesOf(other)];
        const [short, long] = a.length <= b.length ? [a, b] : [b, a];
        fc.pre(short.length > 0);
        const best = plainWindow(short, long);
        expect(bestWindow(short, long)).toEqual({ ratio: best, within: 0 });
        const sampled = bestWindow(short, long, 0);
        expect(sampled.ratio).toBeLessThanOrEqual(best + 1e-12);
        expect(sampled.ratio + sampled.within).toBeGreaterThanOrEqual(best - 1e-12);
      }),
      { numRuns: 150 },
    );
  });

  test('every score lies from 0 to 1, and is 1 for a text with itself', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(texts, texts, (input, reference) => {
        const scores = [
          ...(['WRatio', 'QRatio', 'ratio', 'partial_ratio', 'token_sort_ratio', 'token_set_ratio'] as const).map(
            (scorer) => fuzzyScore(input, reference, scorer, true).score,
          ),
          ...TOKENIZERS.flatMap((tokenizer) => {
            const [a, b] = [tokenize(input, tokenizer), tokenize(reference, tokenizer)];
            return [bleu(a, b, 'method4'), gleu(a, b), meteor(a, b), rougeN(a, b, 2).fmeasure, rougeL(a, b).fmeasure];
          }),
          lexicalCosine(input, reference),
        ];
        for (const score of scores) expect(score >= 0 && score <= 1 + 1e-12, String(scores)).toBe(true);
        if (input.trim() !== '') expect(lexicalCosine(input, input)).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

type Codes = ArrayLike<number>;

function plainLcs(a: Codes, b: Codes): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (let i = 0; i < a.length; i += 1) {
    const next = [0];
    for (let j = 0; j < b.length; j += 1) next.push(a[i] === b[j] ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

function plainDistance(a: Codes, b: Codes): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1)
      next.push(Math.min(row[j]! + (a[i] === b[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    row = next;
  }
  return row[b.length]!;
}

function plainWindow(short: Int32Array, long: Int32Array): number {
  let best = 0;
  for (let from = 1 - short.length; from < long.length; from += 1) {
    const window = long.subarray(Math.max(0, from), Math.min(long.length, from + short.length));
    best = Math.max(best, (2 * plainLcs(short, window)) / (short.length + window.length));
  }
  return best;
}
