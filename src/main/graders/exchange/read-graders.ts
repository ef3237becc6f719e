/**
 * Reads graders of other tools and of our own from one text, known by its content: grader JSON, lists of it, OpenAI's evals
 * (what GET /evals gives, too) and reinforcement configurations, promptfoo configurations and tests as YAML or JSON.
 */
import type { GraderDefinition } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { readJsonText, type JsonRemark } from '#shared/json-text.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { parse } from 'yaml';
import { checkDefinition } from '../definition.ts';
import { findOpenAi } from './openai-read.ts';
import { findPromptfoo } from './promptfoo/read.ts';
import type { ReadGraders } from './types.ts';

const LARGEST = 16 * 1024 * 1024;
const MOST_GRADERS = 1_000;
/** A list of lists is no file of graders. */
const DEEPEST = 100;

export function readGraders(text: string): Result<ReadGraders> {
  if (text.length > LARGEST)
    return fail({ code: 'too_large', message: 'The file is larger than 16 MB.', hint: 'Cut it into several.' });
  const value = parseText(text);
  if (!value.ok) return value;
  const found = findOpenAi(value.value.json) ?? findPromptfoo(value.value.json);
  if (!found)
    return fail({
      code: 'bad_request',
      message: 'There are no graders in it that could be understood.',
      hint: 'Give grader JSON, an eval of OpenAI, or a configuration of promptfoo.',
    });
  const problems: ExchangeProblem[] = [...value.value.remarks.map(remarked), ...found.problems];
  const definitions: { readonly path: string; readonly definition: GraderDefinition }[] = [];
  if (found.graders.length > MOST_GRADERS)
    problems.push({
      severity: 'error',
      path: '',
      message: `It holds ${found.graders.length} graders; the first ${MOST_GRADERS} are taken.`,
    });
  for (const { path, definition: given } of found.graders.slice(0, MOST_GRADERS)) {
    const checked = checkDefinition(given);
    for (const problem of checked.problems)
      problems.push({ severity: problem.severity, path: `${path}${problem.path}`, message: problem.message });
    if (!checked.definition) continue;
    problems.push(...changes(path, given, checked.definition));
    definitions.push({ path, definition: checked.definition });
  }
  return ok({ format: found.format, definitions, problems });
}

/** What was written otherwise, or is left open by the source. */
function changes(path: string, given: Json, definition: GraderDefinition): readonly ExchangeProblem[] {
  const said: ExchangeProblem[] = [];
  if (isJsonObject(given) && given.operation === 'neq')
    said.push({ severity: 'info', path: `${path}/operation`, message: '"neq" is kept as "ne", as the schema has it.' });
  if (definition.type === 'text_similarity' && typeof definition.pass_threshold !== 'number')
    said.push({
      severity: 'info',
      path: `${path}/pass_threshold`,
      message: 'It has no threshold: it passes from 0.5.',
    });
  return said;
}

type Parsed = { readonly json: Json; readonly remarks: readonly JsonRemark[] };

function parseText(text: string): Result<Parsed> {
  const trimmed = text.replace(/^\ufeff/, '').trimEnd();
  if (trimmed.trim() === '')
    return fail({ code: 'unreadable_file', message: 'The file is empty.', hint: 'Give a file that holds graders.' });
  if (!/^\s*(?:[[{"]|\/[/*])/.test(trimmed)) return parseYaml(trimmed);
  try {
    return checkDepth({ json: JSON.parse(trimmed) as Json, remarks: [] });
  } catch (cause) {
    const read = readJsonText(trimmed);
    if (read.ok) return checkDepth({ json: read.value, remarks: read.remarks });
    // A YAML flow mapping begins like JSON.
    const yaml = parseYaml(trimmed);
    return yaml.ok && isContainer(yaml.value.json) ? yaml : unreadable('JSON', cause);
  }
}

function remarked({ line, message }: JsonRemark): ExchangeProblem {
  return { severity: 'warning', path: '', message: `Line ${line}: ${message}` };
}

function parseYaml(text: string): Result<Parsed> {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100, prettyErrors: true, logLevel: 'error' });
    // What refers to itself is no JSON.
    return checkDepth({ json: JSON.parse(JSON.stringify(value ?? null)) as Json, remarks: [] });
  } catch (cause) {
    return unreadable('YAML', cause);
  }
}

function checkDepth(parsed: Parsed): Result<Parsed> {
  return isDeep(parsed.json, DEEPEST)
    ? fail({ code: 'bad_request', message: `It is nested more than ${DEEPEST} deep.`, hint: 'Give a file of graders.' })
    : ok(parsed);
}

function isDeep(value: Json, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  return Object.values(value).some((each: Json) => isDeep(each, left - 1));
}

function isContainer(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function unreadable(language: string, cause: unknown): Result<never> {
  const [why = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return fail({
    code: 'unreadable_file',
    message: `It is not ${language}: ${why.slice(0, 300).replace(/[.:]$/, '')}.`,
    hint: 'Give a file in JSON or YAML.',
  });
}
