/** The checks of `final_answer`. */
import type { GradeEvidence } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';
import { numericDiff } from '../text/metrics/comparisons.ts';
import type { Verdict } from '../types.ts';
import { errored } from '../verdict.ts';
import { diffJson } from './json-diff.ts';
import { amount, count, graded, listed } from './kind.ts';

type TextCheck = 'exact' | 'contains' | 'contains_any' | 'contains_none';
type TextOptions = { readonly ignoreCase: boolean; readonly trim: boolean; readonly quotes: boolean };

const LONGEST_QUOTE = 400;

export function checkTexts(check: TextCheck, input: string, wanted: readonly Json[], options: TextOptions): Verdict {
  const texts = wanted.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  const fold = (text: string): string => (options.ignoreCase ? text.toLowerCase() : text);
  const held = fold(input);
  if (check === 'exact') {
    const clean = (text: string): string => (options.trim ? fold(text).trim() : fold(text));
    const fits = texts.some((text) => clean(text) === clean(input));
    return graded(
      fits,
      `The answer ${fits ? 'is' : 'is not'} ${texts.length === 1 ? listed(texts) : `one of ${listed(texts)}`}.`,
    );
  }
  const found = texts.filter((text) => held.includes(fold(text)));
  const missing = texts.filter((text) => !found.includes(text));
  const evidence = options.quotes ? found.slice(0, 20).flatMap((text) => quoteIn(input, held, fold(text))) : [];
  const holds = found.length > 0 ? `holds ${listed(found)}` : 'holds none of them';
  switch (check) {
    case 'contains':
      return graded(
        found.length / texts.length,
        missing.length === 0 ? `The answer ${holds}.` : `The answer does not hold ${listed(missing)}.`,
        { passed: missing.length === 0, evidence },
      );
    case 'contains_any':
      return graded(found.length > 0, `The answer ${found.length > 0 ? holds : `holds none of ${listed(texts)}`}.`, {
        evidence,
      });
    case 'contains_none':
      return graded(found.length === 0, `The answer ${found.length > 0 ? holds : `holds none of ${listed(texts)}`}.`, {
        evidence,
      });
  }
}

/** As it stands in the answer. Where folding changed lengths, there is no quote. */
function quoteIn(input: string, folded: string, wanted: string): GradeEvidence[] {
  const place = folded.indexOf(wanted);
  if (wanted === '' || place < 0 || folded.length !== input.length || wanted.length > LONGEST_QUOTE) return [];
  return [{ spanId: null, quote: input.slice(place, place + wanted.length), note: 'in the answer' }];
}

/** JSON as models give it: alone, or in a fence. Undefined = there is none. */
export function readJson(text: string): Json | undefined {
  for (const candidate of [text, fenced(text)]) {
    if (candidate === undefined) continue;
    try {
      return JSON.parse(candidate) as Json;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

/** What stands in the first fence, without the line that opens it. */
function fenced(text: string): string | undefined {
  const open = text.indexOf('```');
  const line = open < 0 ? -1 : text.indexOf('\n', open);
  const close = line < 0 ? -1 : text.indexOf('```', line);
  return close < 0 ? undefined : text.slice(line + 1, close);
}

export function checkJsonSchema(input: string, schema: Json): Verdict {
  const value = readJson(input);
  if (value === undefined) return graded(false, 'The answer is no JSON.');
  const { problems, unchecked } = checkSchema(schema, value);
  const [first] = problems;
  const said = first && `${first.path.length === 0 ? 'it' : first.path.join('.')} ${first.message}`;
  return graded(
    !first,
    said
      ? `The answer does not fit the schema: ${said} (${count(problems.length, 'problem')}).`
      : 'The answer fits the schema.',
    {
      notes: {
        ...(unchecked.length > 0 ? { not_checked: unchecked } : {}),
        ...(problems.length > 0
          ? { problems: problems.map(({ path, message }) => `${path.join('.')} ${message}`.trim()) }
          : {}),
      },
    },
  );
}

export function checkJsonDiff(input: string, reference: Json, threshold: number): Verdict {
  const expected = typeof reference === 'string' ? (readJson(reference) ?? reference) : reference;
  const isPlain = typeof expected === 'string';
  const value = readJson(input) ?? (isPlain ? input : undefined);
  if (value === undefined) return graded(0, 'The answer is no JSON.', { passed: threshold <= 0 });
  const { score, paths } = diffJson(value, expected);
  const shown = amount(Math.round(score * 1000) / 1000);
  return graded(
    score,
    paths.length === 0
      ? 'The answer is the expected value.'
      : `${shown} of the value is the same; different at ${listed(paths)}.`,
    { passed: score >= threshold, notes: { different: paths } },
  );
}

type Tolerance = { readonly absolute: number; readonly relative: number; readonly which: 'last' | 'first' | 'only' };

export function checkNumber(input: string, reference: Json, { absolute, relative, which }: Tolerance): Verdict {
  const expected =
    typeof reference === 'number'
      ? reference
      : typeof reference === 'string'
        ? numbersIn(reference).at(0)?.value
        : undefined;
  if (expected === undefined || !Number.isFinite(expected))
    return errored({ flag: 'other_error', message: 'The reference is no number.' });
  const numbers = numbersIn(input);
  const found = which === 'first' ? numbers.at(0) : numbers.at(-1);
  if (!found) return graded(false, 'The answer holds no number.');
  if (which === 'only' && numbers.length > 1)
    return graded(false, `The answer holds ${count(numbers.length, 'number')}, and should hold one.`);
  const tolerance = Math.max(absolute, relative * Math.abs(expected));
  const difference = Math.abs(found.value - expected);
  // Decimal fractions are not exact: 0.3 - 0.1 is to be within 0.2.
  const fits = difference <= tolerance + 1e-12 * Math.max(Math.abs(expected), Math.abs(found.value));
  return graded(
    fits,
    `The answer says ${found.text}: ${amount(difference)} away from ${amount(expected)}, at most ${amount(tolerance)} allowed.`,
    {
      evidence: [{ spanId: null, quote: found.text, note: 'the number' }],
      notes: { value: found.value, expected, similarity: numericDiff(found.value, expected) },
    },
  );
}

const NUMBER = /(?:(?<![\w.,])[-+−])?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?/g;

/** Written with points for decimals and commas for thousands. */
function numbersIn(text: string): readonly { readonly text: string; readonly value: number }[] {
  return [...text.matchAll(NUMBER)].flatMap(([found]) => {
    const value = Number(found.replaceAll(',', '').replace('−', '-'));
    return found !== '' && Number.isFinite(value) ? [{ text: found, value }] : [];
  });
}
