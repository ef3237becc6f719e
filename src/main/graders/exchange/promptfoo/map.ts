/** An assertion of promptfoo as a grader of ours, or the reason why it is none. */
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Assertion, Mapped } from './assertion.ts';
import { numberOf } from './assertion.ts';
import { TEXT_MAPPINGS } from './text-mappings.ts';
import { TRACE_MAPPINGS } from './trace-mappings.ts';
import { valueToItem } from './template.ts';

/** What is known of promptfoo and has no counterpart, with what to do instead. */
const WITHOUT: Readonly<Record<string, string>> = {
  'is-refusal': 'Its list of phrases is its own: use label_model, or contains_none with phrases of yours.',
  'is-html': 'There is no check of HTML: write it as code.',
  'contains-html': 'There is no check of HTML: write it as code.',
  'is-xml': 'There is no check of XML: write it as code.',
  'contains-xml': 'There is no check of XML: write it as code.',
  'is-sql': 'There is no check of SQL: write it as code.',
  'contains-sql': 'There is no check of SQL: write it as code.',
  ruby: 'Graders are written in JavaScript or Python.',
  webhook: 'A grader asks no address: write it as code, or use a judge.',
  perplexity: 'Traces hold no probabilities of tokens.',
  'perplexity-score': 'Traces hold no probabilities of tokens.',
  classifier: 'There is no classifier: use label_model.',
  moderation: 'There is no moderation model: use label_model.',
  pi: 'The scorer is a service: use score_model.',
  'select-best': 'It compares several outputs: compare traces instead.',
  'max-score': 'It compares several outputs: compare traces instead.',
  'answer-relevance': 'It makes questions and embeds them: use the judge "instruction adherence", or score_model.',
  'context-recall': 'Traces name no reference context: use the judge "groundedness".',
  'context-relevance': 'Traces name no reference context: use score_model on the retrieved texts.',
  'context-faithfulness': 'Use the judge "groundedness": it holds the answer against what tools gave.',
  'conversation-relevance': 'Use a rubric on the transcript.',
  'agent-rubric': 'It lets an agent look around: use a rubric on the transcript.',
  'search-rubric': 'It searches the web, and a grader here does not.',
  'finish-reason': 'Write it as code: trace.spans has what each generation ended with.',
  'skill-used': 'Skills are not told apart from tools here: use tool_rules.',
  'similar:dot': 'Only the cosine of embeddings is measured.',
  'similar:euclidean': 'Only the cosine of embeddings is measured.',
};

export type MappedAssertion = {
  readonly mapped: Mapped;
  readonly assertion: Assertion | null;
  readonly problems: readonly Omit<ExchangeProblem, 'path'>[];
};

export function mapAssertion(source: JsonObject): MappedAssertion {
  const { type: given, value: raw = null, threshold, transform, contextTransform } = source;
  if (typeof given !== 'string') return refusal('It has no type.');
  const negated = given.startsWith('not-');
  const type = negated ? given.slice(4) : given;
  const mapping = own(TEXT_MAPPINGS, type) ?? own(TRACE_MAPPINGS, type);
  const known = own(WITHOUT, type);
  if (!mapping)
    return refusal(
      known === undefined ? `"${type.slice(0, 60)}" is not known here.` : `"${type}" has no counterpart. ${known}`,
    );
  if (typeof raw === 'string' && /^(file|package|huggingface):\/\//.test(raw))
    return refusal(`What it checks is in ${raw.slice(0, 200)}, which is not read: put it into the file.`);
  const isCode = type === 'javascript' || type === 'python';
  const value: Json = isCode || raw === null ? raw : valueToItem(raw);
  if (value === null && raw !== null)
    return refusal('It uses templates with filters or conditions; only paths such as {{name}} are filled in here.');
  const assertion: Assertion = { type, negated, value, threshold: numberOf(threshold), source };
  const mapped = mapping(assertion);
  const problems: Omit<ExchangeProblem, 'path'>[] = [];
  if (transform !== undefined || contextTransform !== undefined)
    problems.push({
      severity: 'warning',
      message: 'Its transform is not taken along: the answer is checked as it is.',
    });
  return { mapped, assertion, problems: 'refused' in mapped ? problems : [...mapped.notes, ...problems] };
}

function refusal(why: string): MappedAssertion {
  return { mapped: { refused: why }, assertion: null, problems: [] };
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
