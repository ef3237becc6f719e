/**
 * Reads a file, or a folder of files, of evals and their runs: JSON or JSONL, known by content. Files of one folder belong
 * together: the eval, the run and the pages of its output items.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { findOpenAiRuns } from './openai-read.ts';
import { findPromptfooRuns } from './promptfoo-read.ts';
import type { FoundRuns } from './types.ts';

/** A JSON value takes several times its text in memory, and strings end at 512 MB. */
const LARGEST_FILE = 256 * 1024 * 1024;
const LARGEST_FOLDER = 512 * 1024 * 1024;
const MOST_FILES = 1_000;
const DEEPEST_FOLDER = 6;
const WHAT =
  'Give an eval, runs or output items as OpenAI’s API lists them, or results of promptfoo, as JSON or JSONL.';

export async function readRunFiles(path: string): Promise<FoundRuns> {
  const problems: ExchangeProblem[] = [];
  const files = await filesBelow(path, problems);
  const values: { readonly file: string; readonly value: Json }[] = [];
  for (const file of files) {
    const text = await textOf(file);
    const value = parseText(text, files.length > 1 ? basename(file) : '', problems);
    if (value !== undefined) values.push({ file, value });
    else if (files.length === 1) throw notJson(path, text);
    else
      problems.push({
        severity: 'error',
        path: basename(file),
        message: 'It is neither JSON nor lines of JSON: it was left out.',
      });
  }
  const found = foundIn(values, problems);
  if (!found)
    throw new AppFailure({
      code: 'bad_request',
      message: `${basename(path)} holds no evals or runs that could be understood.`,
      hint: WHAT,
    });
  return { ...found, problems: [...problems, ...found.problems] };
}

function foundIn(
  values: readonly { readonly file: string; readonly value: Json }[],
  problems: ExchangeProblem[],
): FoundRuns | null {
  const rest: Json[] = [];
  const results: FoundRuns[] = [];
  for (const { file, value } of values) {
    const runs = findPromptfooRuns(value);
    if (runs) results.push(runs);
    else if (findOpenAiShape(value)) rest.push(value);
    else if (values.length > 1)
      problems.push({
        severity: 'warning',
        path: basename(file),
        message: 'Nothing in it was understood: it was left out.',
      });
  }
  const openAi = rest.length === 0 ? null : findOpenAiRuns(rest.length === 1 ? (rest[0] ?? null) : rest);
  if (openAi) results.unshift(openAi);
  const [first, ...others] = results;
  if (!first) return null;
  return {
    format: [...new Set(results.map(({ format }) => format))].join(', '),
    kind: first.kind,
    evals: [first, ...others].flatMap(({ evals }) => evals),
    problems: results.flatMap((each) => each.problems),
  };
}

/** A cheap look, so that a folder may hold other things, too. */
function findOpenAiShape(value: Json, depth = 0): boolean {
  if (depth > 3) return false;
  if (Array.isArray(value))
    return (value as readonly Json[]).slice(0, 5).some((each) => findOpenAiShape(each, depth + 1));
  if (!isJsonObject(value)) return false;
  if (typeof value.object === 'string' && /^eval(?:\.run(?:\.output_item)?)?$/.test(value.object)) return true;
  if (Array.isArray(value.testing_criteria) || isJsonObject(value.result_counts) || value.datasource_item !== undefined)
    return true;
  return ['eval', 'evals', 'run', 'runs', 'output_items', 'items', 'data'].some(
    (key) => value[key] !== undefined && findOpenAiShape(value[key], depth + 1),
  );
}

async function filesBelow(path: string, problems: ExchangeProblem[]): Promise<string[]> {
  const info = await guarded(path, () => stat(path));
  if (!info.isDirectory()) {
    if (!info.isFile()) throw new AppFailure({ code: 'unreadable_file', message: `${path} is no file.`, hint: WHAT });
    if (info.size > LARGEST_FILE) throw tooLarge(path, 'is larger than 256 MB');
    return [path];
  }
  const files: string[] = [];
  let bytes = 0;
  async function walk(folder: string, depth: number): Promise<void> {
    const entries = await guarded(folder, () => readdir(folder, { withFileTypes: true }));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = join(folder, entry.name);
      if (entry.isDirectory() && depth < DEEPEST_FOLDER) await walk(file, depth + 1);
      if (!entry.isFile() || !/\.(?:json|jsonl|ndjson)$/i.test(entry.name)) continue;
      const { size } = await guarded(file, () => stat(file));
      bytes += size;
      if (size > LARGEST_FILE || bytes > LARGEST_FOLDER)
        throw tooLarge(path, 'holds more than 512 MB, or a file of more than 256 MB');
      if (files.length === MOST_FILES)
        problems.push({
          severity: 'error',
          path: '',
          message: `The folder holds more than ${MOST_FILES} files; the first are read.`,
        });
      if (files.length <= MOST_FILES) files.push(file);
    }
  }
  await walk(path, 0);
  if (files.length === 0)
    throw new AppFailure({
      code: 'bad_request',
      message: `${basename(path)} holds no JSON or JSONL files.`,
      hint: WHAT,
    });
  return files.slice(0, MOST_FILES);
}

function tooLarge(path: string, what: string): AppFailure {
  return new AppFailure({
    code: 'too_large',
    message: `${basename(path)} ${what}: read whole, as JSON has to be, it would take several times that in memory.`,
    hint: 'Import one run at a time.',
  });
}

async function textOf(path: string): Promise<string> {
  return (await guarded(path, () => readFile(path, 'utf8'))).replace(/^\ufeff/, '');
}

/** What is nested deeper is no file of results, but would end the stack of whoever writes or reads it later. */
const DEEPEST = 200;

function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > DEEPEST) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

const [BACKSLASH, QUOTE, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [92, 34, 91, 93, 123, 125];

/** Undefined = neither JSON nor lines of it. */
function parseText(text: string, name: string, problems: ExchangeProblem[]): Json | undefined {
  if (isDeep(text))
    throw new AppFailure({ code: 'bad_request', message: `It is nested more than ${DEEPEST} deep.`, hint: WHAT });
  try {
    return JSON.parse(text) as Json;
  } catch {
    return parseLines(text, name, problems);
  }
}

function parseLines(text: string, name: string, problems: ExchangeProblem[]): Json | undefined {
  const values: Json[] = [];
  let bad = 0;
  let line = 0;
  let firstBad = 0;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const one = text.slice(from, end < 0 ? text.length : end).trim();
    from = end < 0 ? text.length : end + 1;
    line++;
    if (one === '') continue;
    try {
      values.push(JSON.parse(one) as Json);
    } catch {
      // Of a file of which nothing is JSON, the first lines tell as much as all.
      if (values.length === 0) return undefined;
      if (bad++ === 0) firstBad = line;
    }
  }
  if (values.length === 0 || !values.every(isJsonObject)) return undefined;
  if (bad > 0)
    problems.push({
      severity: 'error',
      path: name,
      message: `${bad} of ${bad + values.length} lines are no JSON, the first of them line ${firstBad}: they were left out.`,
    });
  return values;
}

function notJson(path: string, text: string): AppFailure {
  let why = 'it is empty';
  if (text.trim() !== '')
    try {
      JSON.parse(text);
    } catch (cause) {
      why = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    }
  return new AppFailure({ code: 'unreadable_file', message: `${basename(path)} is not JSON: ${why}.`, hint: WHAT });
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppFailure({
      code: 'unreadable_file',
      message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint: 'Check the path.',
    });
  }
}
