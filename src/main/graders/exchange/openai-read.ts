/** Grader JSON in all the places where OpenAI has it, and lists of ours. */
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { FoundGrader, FoundGraders } from './types.ts';
import { token } from './types.ts';

const DEEPEST = 6;

/** Null when nothing in it is of that kind. */
export function findOpenAi(value: Json): FoundGraders | null {
  const graders: FoundGrader[] = [];
  const problems: ExchangeProblem[] = [];
  const formats = new Set<string>();
  function look(each: Json, path: string, depth: number): void {
    if (depth > DEEPEST) return;
    if (Array.isArray(each)) {
      (each as readonly Json[]).forEach((one, at) => {
        look(one, `${path}${token(at)}`, depth + 1);
      });
      return;
    }
    if (!isJsonObject(each)) return;
    const { object, data, testing_criteria: criteria, grader, method, current, definition } = each;
    if (Array.isArray(criteria)) {
      formats.add('OpenAI eval');
      tellOfEval(each, path, problems);
      const named = (criteria as readonly Json[]).map((one, at) => withName(one, each.name, at));
      look(named, `${path}/testing_criteria`, depth + 1);
    } else if (object === 'list' && Array.isArray(data)) {
      if (each.has_more === true)
        problems.push({
          severity: 'warning',
          path: `${path}/has_more`,
          message: 'This is one page of a list: the others are not in the file.',
        });
      look(data as readonly Json[], `${path}/data`, depth + 1);
    } else if (isJsonObject(grader) && typeof each.type !== 'string') {
      formats.add('request of OpenAI’s grader endpoint');
      look(grader, `${path}/grader`, depth + 1);
    } else if (isJsonObject(method)) {
      formats.add('OpenAI reinforcement fine-tuning job');
      look(method.reinforcement ?? null, `${path}/method/reinforcement`, depth + 1);
    } else if (each.type === 'reinforcement' && isJsonObject(each.reinforcement)) {
      formats.add('OpenAI reinforcement configuration');
      look(each.reinforcement, `${path}/reinforcement`, depth + 1);
    } else if (isJsonObject(current) && isJsonObject(current.definition)) {
      formats.add('list of graders');
      look(current.definition, `${path}/current/definition`, depth + 1);
    } else if (isJsonObject(definition) && typeof definition.type === 'string') {
      formats.add('list of graders');
      look(definition, `${path}/definition`, depth + 1);
    } else if (typeof each.type === 'string' && !Object.hasOwn(each, 'assert')) {
      graders.push({ path, definition: each });
    }
  }
  if (looksLikePromptfoo(value)) return null;
  look(value, '', 0);
  if (graders.length === 0 && formats.size === 0) return null;
  const [format = graders.length === 1 ? 'grader' : 'list of graders'] = formats;
  return { format, graders, problems };
}

/** A test of promptfoo has assertions, whose `type` is none of ours. */
function looksLikePromptfoo(value: Json): boolean {
  const first = Array.isArray(value) ? (value as readonly Json[]).find(isJsonObject) : value;
  if (!isJsonObject(first)) return false;
  return ['assert', 'tests', 'defaultTest', 'scenarios', 'assertionTemplates', 'providers'].some((key) =>
    Object.hasOwn(first, key),
  );
}

function tellOfEval(each: JsonObject, path: string, problems: ExchangeProblem[]): void {
  if (each.data_source_config !== undefined)
    problems.push({
      severity: 'info',
      path: `${path}/data_source_config`,
      message:
        'Its data source is not taken along: graders here judge traces, and take item from their metadata or dataset row.',
    });
}

function withName(one: Json, of: Json | undefined, at: number): Json {
  if (!isJsonObject(one) || typeof one.name === 'string') return one;
  return { ...one, name: typeof of === 'string' && of !== '' ? `${of}: criterion ${at + 1}` : `Criterion ${at + 1}` };
}
