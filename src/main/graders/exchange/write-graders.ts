/** Graders for other tools. What they cannot hold is left out, and said. */
import type { GraderDefinition } from '#shared/grader.ts';
import type { ExchangeProblem, GraderExport } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { kindOf } from '../registry.ts';
import { thresholdOf } from '../verdict.ts';
import { writePromptfoo } from './promptfoo/write.ts';
import type { WrittenGraders } from './types.ts';

export function writeGraders(definitions: readonly GraderDefinition[], format: GraderExport): WrittenGraders {
  return format === 'promptfoo' ? writePromptfoo(definitions) : writeOpenAi(definitions, format === 'openai-eval');
}

/** Fields of each kind in OpenAI's schema. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  string_check: ['input', 'reference', 'operation'],
  text_similarity: ['input', 'reference', 'evaluation_metric', 'pass_threshold'],
  score_model: ['model', 'input', 'range', 'sampling_params', 'pass_threshold'],
  label_model: ['model', 'input', 'labels', 'passing_labels'],
  python: ['source', 'image_tag', 'pass_threshold'],
  multi: ['graders', 'calculate_output'],
};
const OWN_METRICS = ['levenshtein', 'lexical_cosine'];
/** A criterion of an eval has its threshold written down. */
const WITH_THRESHOLD = ['text_similarity', 'score_model', 'python'];

function writeOpenAi(definitions: readonly GraderDefinition[], isEval: boolean): WrittenGraders {
  const problems: ExchangeProblem[] = [];
  const written = definitions.flatMap((definition) => {
    const refused = refusal(definition, isEval);
    if (refused !== null) {
      problems.push({ severity: 'error', path: definition.name, message: refused });
      return [];
    }
    for (const message of losses(definition)) problems.push({ severity: 'warning', path: definition.name, message });
    const needsThreshold =
      isEval && WITH_THRESHOLD.includes(definition.type) && typeof definition.pass_threshold !== 'number';
    return [needsThreshold ? { ...definition, pass_threshold: thresholdOf(definition) } : definition];
  });
  const [only] = written;
  const value: Json = isEval
    ? {
        name: 'Graders of Tracewright',
        data_source_config: { type: 'custom', item_schema: { type: 'object' }, include_sample_schema: true },
        testing_criteria: written,
      }
    : written.length === 1 && only
      ? only
      : written;
  return { text: `${JSON.stringify(value, null, 2)}\n`, written: written.length, problems };
}

/** Why OpenAI cannot have it; null = it can. */
function refusal(definition: GraderDefinition, isEval: boolean): string | null {
  const { type } = definition;
  if (!Object.hasOwn(FIELDS, type))
    return `${kindOf(type)?.label ?? type} (${type}) is no kind of OpenAI: it was left out.`;
  if (isEval && type === 'multi') return 'An eval takes no multi grader: it was left out. Export it as a grader.';
  const metric = definition.evaluation_metric;
  if (type === 'text_similarity' && typeof metric === 'string' && OWN_METRICS.includes(metric))
    return `${metric} is no metric of OpenAI: it was left out.`;
  const inner = innerOf(definition).find((each) => refusal(each, false) !== null);
  return inner ? `It holds ${inner.name}, which is of no kind of OpenAI: it was left out.` : null;
}

/** What is written as it is, and means less there. */
function losses(definition: GraderDefinition): readonly string[] {
  const allowed = ['type', 'name', ...(FIELDS[definition.type] ?? [])];
  const extra = Object.keys(definition).filter((key) => !allowed.includes(key));
  const texts = JSON.stringify(definition);
  return [
    ...(extra.length === 0
      ? []
      : [
          `OpenAI does not know ${extra.map((key) => `"${key}"`).join(', ')}: ${extra.length === 1 ? 'it is' : 'they are'} in the file, and without effect there.`,
        ]),
    ...(/\{\{\s*(trace|span|handoff|traces|other)\b/.test(texts)
      ? ['It fills in parts of the trace ({{ trace… }}, {{ span… }}), which OpenAI does not know.']
      : []),
    ...(definition.type === 'python' && /\b(trace|span|verdict|not_applicable)\b/.test(textOf(definition.source))
      ? ['Its code seems to use trace, span, verdict or not_applicable, which are not there at OpenAI.']
      : []),
    ...innerOf(definition).flatMap((each) => losses(each).map((message) => `${each.name}: ${message}`)),
  ];
}

function innerOf({ type, graders }: GraderDefinition): readonly GraderDefinition[] {
  if (type !== 'multi' || typeof graders !== 'object' || graders === null) return [];
  const all: readonly Json[] =
    isJsonObject(graders) && typeof graders.type === 'string' ? [graders] : Object.values(graders);
  return all.filter(isJsonObject).map((each: JsonObject) => ({
    ...each,
    type: textOf(each.type),
    name: textOf(each.name) || textOf(each.type),
  }));
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
