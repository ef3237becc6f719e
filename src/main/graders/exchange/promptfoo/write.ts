/** Graders as assertions of promptfoo, in a file of YAML with `defaultTest`, so that they hold for all tests of a configuration. */
import type { GraderDefinition } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { stringify } from 'yaml';
import { kindOf } from '../../registry.ts';
import { directionOf, thresholdOf } from '../../verdict.ts';
import type { WrittenGraders } from '../types.ts';
import { ANSWER } from './assertion.ts';
import { fromItem } from './template.ts';

type Out = { readonly assertion: JsonObject; readonly notes: readonly string[] } | { readonly refused: string };

export function writePromptfoo(definitions: readonly GraderDefinition[]): WrittenGraders {
  const problems: ExchangeProblem[] = [];
  const assertions = definitions.flatMap((definition) => {
    const out = common(definition) ?? toAssertion(definition);
    if ('refused' in out) {
      problems.push({ severity: 'error', path: definition.name, message: `${out.refused} It was left out.` });
      return [];
    }
    for (const message of out.notes) problems.push({ severity: 'warning', path: definition.name, message });
    const { type, ...rest } = out.assertion;
    return [{ type: type ?? '', metric: definition.name, ...rest }];
  });
  const config = {
    description: 'Graders of Tracewright, as assertions for every test: add prompts, providers and tests.',
    defaultTest: { assert: assertions },
  };
  return { text: stringify(config, { lineWidth: 0 }), written: assertions.length, problems };
}

/** What holds for all kinds. */
function common(definition: GraderDefinition): Out | null {
  const { scope } = definition;
  if (isJsonObject(scope) && scope.on !== 'trace')
    return refused(
      `It judges each ${typeof scope.on === 'string' ? scope.on : 'part'} of a trace; an assertion judges one output.`,
    );
  if (directionOf(definition) === 'minimise' && definition.type !== 'text_similarity')
    return refused('Its direction is "minimise", which this assertion cannot say.');
  return null;
}

function toAssertion(definition: GraderDefinition): Out {
  const { type } = definition;
  switch (type) {
    case 'string_check':
      return stringCheck(definition);
    case 'text_similarity':
      return similarity(definition);
    case 'final_answer':
      return finalAnswer(definition);
    case 'score_model':
    case 'label_model':
      return judge(definition);
    case 'javascript':
      return code(
        definition,
        'javascript',
        (source) => `${source}\nreturn grade({ output_text: output, choices: [], output_tools: [] }, context.vars);`,
      );
    case 'python':
      return code(
        definition,
        'python',
        (source) =>
          `${source}\n\nreturn grade({"output_text": output, "choices": [], "output_tools": []}, context["vars"])`,
      );
    case 'budget':
      return budget(definition);
    case 'error_spans': {
      const { kinds, agents, tools, message, max = 0 } = definition;
      if ([kinds, agents, tools, message].some((each) => each !== undefined))
        return refused('It looks at some spans only.');
      return written({ type: 'trace-error-spans', value: { max_count: max } });
    }
    case 'tool_use':
      if (definition.metric !== 'set_f1' || definition.actual !== undefined)
        return refused('Only the measure set_f1 is known there (tool-call-f1).');
      return names(definition.expected, (value) =>
        written({ type: 'tool-call-f1', value, threshold: thresholdOf(definition) }),
      );
    case 'tool_rules':
      return toolRules(definition);
    case 'trajectory_match': {
      const { mode, arguments: how, reference, actual } = definition;
      if (how !== 'ignore' || (mode !== 'in_order' && mode !== 'strict') || actual !== undefined)
        return refused('Only the order of tools without their arguments is known there.');
      return names(reference, (steps) =>
        written({ type: 'trajectory:tool-sequence', value: { steps, mode: mode === 'strict' ? 'exact' : 'in_order' } }),
      );
    }
    case 'tool_schema':
      return written(
        { type: 'is-valid-openai-tools-call' },
        'There, calls are held against the tools of the provider.',
      );
    default:
      return refused(`${kindOf(type)?.label ?? type} (${type}) has no assertion there.`);
  }
}

function stringCheck({ input, reference, operation }: GraderDefinition): Out {
  const value = typeof reference === 'string' ? fromItem(reference) : null;
  if (input !== ANSWER || value === null) return refused(NOT_THE_ANSWER);
  const type = { eq: 'equals', ne: 'not-equals', like: 'contains', ilike: 'icontains' }[said(operation)];
  return type === undefined ? refused('Its operation is not known there.') : written({ type, value });
}

const METRICS: Readonly<Record<string, string>> = {
  cosine: 'similar',
  rouge_1: 'rouge-n',
  bleu: 'bleu',
  gleu: 'gleu',
  meteor: 'meteor',
};
const NOT_THE_ANSWER = 'It looks at something else than the answer and variables of a test.';

function similarity(definition: GraderDefinition): Out {
  const { input, reference, evaluation_metric: metric } = definition;
  const value = typeof reference === 'string' ? fromItem(reference) : null;
  if (input !== ANSWER || value === null) return refused(NOT_THE_ANSWER);
  const type = typeof metric === 'string' && Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (type === undefined) return refused(`The metric ${said(metric)} is not known there.`);
  const less = directionOf(definition) === 'minimise';
  return written(
    { type: less ? `not-${type}` : type, value, threshold: thresholdOf(definition) },
    ...(type === 'similar'
      ? []
      : ['Texts are divided into words in another way there, so that scores may differ a little.']),
  );
}

function finalAnswer(definition: GraderDefinition): Out {
  const { check, reference = null, pattern, schema, input, ignore_case: ignoreCase } = definition;
  if (input !== undefined && input !== ANSWER) return refused(NOT_THE_ANSWER);
  const i = ignoreCase === true ? 'i' : '';
  const list = (Array.isArray(reference) ? (reference as readonly Json[]) : [reference]).map((each) =>
    typeof each === 'string' || typeof each === 'number' ? fromItem(String(each)) : null,
  );
  const texts = list.includes(null) ? null : list;
  switch (said(check)) {
    case 'contains':
      return texts ? written({ type: `${i}contains-all`, value: texts }) : refused(NOT_THE_ANSWER);
    case 'contains_any':
      return texts ? written({ type: `${i}contains-any`, value: texts }) : refused(NOT_THE_ANSWER);
    case 'contains_none':
      return texts ? written({ type: `not-${i}contains-any`, value: texts }) : refused(NOT_THE_ANSWER);
    case 'regex':
      return written({ type: 'regex', value: pattern ?? '' });
    case 'json_schema':
      return written({ type: 'is-json', ...(isJsonObject(schema) ? { value: schema } : {}) });
    case 'exact':
      return texts?.length === 1 && i === '' && definition.trim === false
        ? written({ type: 'equals', value: texts[0] ?? '' })
        : refused('Its comparison leaves out space or letter case, or knows several answers.');
    default:
      return refused(`The check ${said(check)} has no assertion there.`);
  }
}

function judge(definition: GraderDefinition): Out {
  const input = Array.isArray(definition.input) ? (definition.input as readonly Json[]) : [];
  const texts = input.map((message) =>
    isJsonObject(message) && typeof message.content === 'string' ? message.content : null,
  );
  if (texts.includes(null)) return refused('Its messages have more than text.');
  const prompt = texts.join('\n\n').replaceAll(ANSWER, 'the output');
  const value = fromItem(prompt);
  if (value === null) return refused('Its judge reads the trace, which an assertion does not have.');
  const { type, range, labels, passing_labels: passing } = definition;
  if (type === 'score_model' && JSON.stringify(range ?? [0, 1]) !== '[0,1]') return refused('Its range is not 0 to 1.');
  const rubric =
    type === 'label_model'
      ? `${value}\n\nChoose one label of ${JSON.stringify(labels)}. It passes with one of ${JSON.stringify(passing)}.`
      : value;
  return written(
    { type: 'llm-rubric', value: rubric, ...(type === 'score_model' ? { threshold: thresholdOf(definition) } : {}) },
    `Its messages became one rubric, and the judge is the one of promptfoo instead of ${said(definition.model)}: verdicts may differ.`,
  );
}

function code(
  { source, pass_threshold: threshold }: GraderDefinition,
  type: string,
  wrap: (source: string) => string,
): Out {
  const text = typeof source === 'string' ? source : '';
  if (/\b(trace|span|handoff|traces|other)\b/.test(text.replace(/(?:\/\/|#).*$/gm, '')))
    return refused('Its code looks at the trace, which an assertion does not have.');
  if (/\b(verdict|not_applicable)\s*\(/.test(text) || /\bpassed\s*:/.test(text))
    return refused('Its code answers in a shape that promptfoo does not read.');
  return written({ type, value: wrap(text.trimEnd()), threshold: typeof threshold === 'number' ? threshold : 0.5 });
}

function budget({ max, min }: GraderDefinition): Out {
  const bounds = isJsonObject(max) ? Object.entries(max) : [];
  const [bound] = bounds;
  if (!bound || bounds.length > 1 || (isJsonObject(min) && Object.keys(min).length > 0))
    return refused('An assertion has one bound: make a grader of each.');
  const [what, value] = bound;
  if (what === 'cost') return written({ type: 'cost', threshold: value });
  if (what === 'duration_ms') return written({ type: 'latency', threshold: value });
  return refused(`There is no bound of ${what} there.`);
}

function toolRules({ required, forbidden, allowed, order, counts, agents }: GraderDefinition): Out {
  const used = [required, forbidden, allowed, order, counts, agents].filter(
    (each) => Array.isArray(each) && each.length > 0,
  );
  if (used.length !== 1) return refused('An assertion has one rule: make a grader of each.');
  if (Array.isArray(required) && required.length > 0)
    return written({ type: 'trajectory:tool-used', value: required as readonly Json[] });
  if (Array.isArray(counts) && counts.length > 0)
    return written({
      type: 'trajectory:tool-used',
      value: (counts as readonly JsonObject[]).map(({ tool, ...bounds }) => ({ pattern: tool ?? '*', ...bounds })),
    });
  if (Array.isArray(forbidden) && forbidden.length === 1)
    return written({ type: 'not-trajectory:tool-used', value: (forbidden as readonly Json[])[0] ?? '' });
  return refused('Of rules about tools, only required ones, counts and one forbidden tool are known there.');
}

function names(given: Json | undefined, use: (names: readonly string[]) => Out): Out {
  const list = Array.isArray(given)
    ? (given as readonly Json[]).map((each) => (isJsonObject(each) ? each.name : each))
    : [];
  const texts = list.filter((each) => typeof each === 'string');
  return list.length > 0 && texts.length === list.length ? use(texts) : refused('Its tools are no list of names.');
}

function written(assertion: JsonObject, ...notes: readonly string[]): Out {
  return { assertion, notes };
}

function said(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function refused(why: string): Out {
  return { refused: why };
}
