/**
 * OpenAI's `text_similarity` with its eleven metrics, and two of our own. OpenAI names the metrics and leaves tokenizer,
 * smoothing and scorer open: each is an optional field here, and what was used stands in the result's notes.
 */
import type { Direction, GraderDefinition } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { renderAll, templateNeeds, templateProblems } from '../template.ts';
import { tracesOf } from '../traces.ts';
import type { GradeContext, GraderKind, Verdict } from '../types.ts';
import { directionOf, errored, thresholdOf } from '../verdict.ts';
import { textEvidence } from './evidence.ts';
import { fieldText, graderSchema, PASS_THRESHOLD, TEMPLATE_HELP } from './fields.ts';
import { bleu, gleu, SMOOTHINGS } from './metrics/bleu.ts';
import { codesOf } from './metrics/code-points.ts';
import { cosine, LEXICAL_DIMENSIONS, lexicalCosine } from './metrics/cosine.ts';
import { FUZZY_SCORERS, fuzzyScore } from './metrics/fuzzy.ts';
import { editDistance } from './metrics/lcs.ts';
import { meteor } from './metrics/meteor.ts';
import { rougeL, rougeN } from './metrics/rouge.ts';
import { rougeWords, tokenize, TOKENIZERS } from './metrics/tokenizers.ts';

export const OPENAI_METRICS = [
  'fuzzy_match',
  'bleu',
  'gleu',
  'meteor',
  'rouge_1',
  'rouge_2',
  'rouge_3',
  'rouge_4',
  'rouge_5',
  'rouge_l',
  'cosine',
] as const;
export const METRICS = [...OPENAI_METRICS, 'levenshtein', 'lexical_cosine'] as const;
export type Metric = (typeof METRICS)[number];

/** Characters of a text whose metric takes time by the product of both lengths. */
export const MOST_COMPARED = 200_000;
const BY_PRODUCT: readonly Metric[] = ['fuzzy_match', 'levenshtein', 'rouge_l'];

type Scored = { readonly score: number; readonly notes: JsonObject & { readonly metric: Metric } };

const choice = (title: string, options: readonly string[], description: string): JsonObject => ({
  type: ['string', 'null'],
  title,
  enum: [...options, null],
  description,
});
const flag = (title: string, description: string): JsonObject => ({ type: ['boolean', 'null'], title, description });

export const textSimilarity: GraderKind = {
  type: 'text_similarity',
  label: 'Text similarity',
  about: 'How alike two texts are, by a metric from 0 to 1.',
  group: 'text',
  runs: 'pure',
  schema: graderSchema('text_similarity', ['input', 'reference', 'evaluation_metric'], {
    input: {
      type: 'string',
      title: 'Input',
      description: `The text that is judged. ${TEMPLATE_HELP}`,
      format: 'template',
    },
    reference: { type: 'string', title: 'Reference', description: 'What it should be like.', format: 'template' },
    evaluation_metric: {
      type: 'string',
      title: 'Metric',
      enum: METRICS,
      description:
        'cosine compares embeddings and needs an endpoint; lexical_cosine and levenshtein are not of OpenAI.',
    },
    pass_threshold: PASS_THRESHOLD,
    scorer: choice('Fuzzy scorer', FUZZY_SCORERS, 'Of fuzzy_match: a scorer of RapidFuzz; WRatio unless given.'),
    process: flag('Clean texts first', 'Of fuzzy_match: lower case, letters and digits alone; yes unless given.'),
    tokenizer: choice('Words', TOKENIZERS, 'Of bleu, gleu and meteor: how texts become words; 13a unless given.'),
    smoothing: choice('Smoothing', SMOOTHINGS, 'Of bleu: what an order without a hit counts; method4 unless given.'),
    stemming: flag('Stems', 'Of rouge: compare stems of English words; no unless given.'),
    unicode: flag('All scripts', 'Of rouge: words of all scripts; without it only a-z and 0-9 count.'),
    embedding_model: {
      type: ['string', 'null'],
      title: 'Embedding model',
      description: 'Of cosine: else that of the endpoint.',
    },
  }),
  example: {
    type: 'text_similarity',
    name: 'Says what was expected',
    input: '{{ sample.output_text }}',
    reference: 'The capital of France is Paris.',
    evaluation_metric: 'fuzzy_match',
    pass_threshold: 0.8,
  },
  check: (definition) =>
    ['input', 'reference'].flatMap((field) => templateProblems(fieldText(definition, field), `/${field}`)),
  needs: (definition) => templateNeeds([fieldText(definition, 'input'), fieldText(definition, 'reference')]),
  grade: (definition, context) => gradeSimilarity(definition, context),
};

async function gradeSimilarity(definition: GraderDefinition, context: GradeContext): Promise<Verdict> {
  const texts = renderAll(
    { input: fieldText(definition, 'input'), reference: fieldText(definition, 'reference') },
    context.subject,
  );
  if (!texts.ok) return errored(...texts.error);
  const { input, reference } = texts.value;
  const metric = METRICS.find((each) => each === definition.evaluation_metric) ?? 'fuzzy_match';
  if (BY_PRODUCT.includes(metric) && Math.max(input.length, reference.length) > MOST_COMPARED) {
    const most = MOST_COMPARED.toLocaleString('en');
    return errored({
      flag: 'truncated_observation_error',
      message: `${metric} compares texts of at most ${most} characters. Name a part of the text, or take rouge_1 or bleu.`,
    });
  }
  if (metric === 'cosine') return gradeCosine(definition, context, input, reference);
  return verdictOf(definition, context, measure(metric, definition, input, reference));
}

/** All metrics but `cosine`, which needs a model. */
export function measure(
  metric: Exclude<Metric, 'cosine'>,
  options: JsonObject,
  input: string,
  reference: string,
): Scored {
  if (metric === 'fuzzy_match') {
    const scorer = optionOf(FUZZY_SCORERS, options.scorer);
    const process = options.process !== false;
    const { score, within } = fuzzyScore(input, reference, scorer, process);
    return { score, notes: { metric, scorer, process, ...(within > 0 ? { at_most_too_low: within } : {}) } };
  }
  if (metric === 'levenshtein') {
    const [a, b] = [codesOf(input), codesOf(reference)];
    const longest = Math.max(a.length, b.length);
    return { score: longest === 0 ? 1 : 1 - editDistance(a, b) / longest, notes: { metric } };
  }
  if (metric === 'lexical_cosine')
    return { score: lexicalCosine(input, reference), notes: { metric, dimensions: LEXICAL_DIMENSIONS } };
  if (metric === 'bleu' || metric === 'gleu' || metric === 'meteor') {
    const tokenizer = optionOf(TOKENIZERS, options.tokenizer);
    const [a, b] = [tokenize(input, tokenizer), tokenize(reference, tokenizer)];
    if (metric === 'gleu') return { score: gleu(a, b), notes: { metric, tokenizer } };
    if (metric === 'meteor') return { score: meteor(a, b), notes: { metric, tokenizer, synonyms: false } };
    const smoothing = optionOf(SMOOTHINGS, options.smoothing);
    return { score: bleu(a, b, smoothing), notes: { metric, tokenizer, smoothing } };
  }
  const how = { stemming: options.stemming === true, unicode: options.unicode === true };
  const [a, b] = [rougeWords(input, how), rougeWords(reference, how)];
  const { precision, recall, fmeasure } = metric === 'rouge_l' ? rougeL(a, b) : rougeN(a, b, Number(metric.slice(6)));
  return { score: fmeasure, notes: { metric, ...how, precision, recall } };
}

/** The first is the one where none is named. */
function optionOf<const T extends string>(options: readonly [T, ...T[]], value: Json | undefined): T {
  return options.find((each) => each === value) ?? options[0];
}

async function gradeCosine(
  definition: GraderDefinition,
  context: GradeContext,
  input: string,
  reference: string,
): Promise<Verdict> {
  const metric = 'cosine' as const;
  if (input === '' || reference === '')
    return verdictOf(definition, context, { score: 0, notes: { metric, model: null, reason: 'an empty text' } });
  const model = typeof definition.embedding_model === 'string' ? definition.embedding_model : null;
  const request = { model, texts: [input, reference], traceIds: tracesOf(context.subject) };
  const answer = await context.services.embed(request, context.signal);
  if (!answer.ok) return errored(answer.error);
  const [a, b] = answer.value.vectors;
  if (!a || a.length !== b?.length) {
    const message = `The embeddings of ${answer.value.model} do not fit: ${String(a?.length ?? 0)} and ${String(b?.length ?? 0)} dimensions.`;
    return { ...errored({ flag: 'model_grader_parse_error', message }), usage: answer.value.usage };
  }
  const raw = cosine(a, b);
  const notes = { metric, model: answer.value.model, dimensions: a.length, ...(raw < 0 ? { below_zero: raw } : {}) };
  const verdict = verdictOf(definition, context, { score: Math.max(0, raw), notes });
  return { ...verdict, usage: answer.value.usage };
}

const PASSES: Readonly<Record<Direction, (threshold: number) => string>> = {
  maximise: (threshold) => `; it passes from ${threshold}`,
  minimise: (threshold) => `; it passes up to ${threshold}`,
  neutral: () => '',
};

function verdictOf(definition: GraderDefinition, { subject }: GradeContext, { score, notes }: Scored): Verdict {
  const threshold = thresholdOf(definition);
  const explanation = `${notes.metric} is ${String(Number(score.toPrecision(4)))}${PASSES[directionOf(definition)](threshold)}.`;
  return {
    status: 'graded',
    score,
    explanation,
    evidence: textEvidence(subject, fieldText(definition, 'input'), { quote: null, note: null }),
    notes: { ...notes, pass_threshold: threshold },
  };
}
