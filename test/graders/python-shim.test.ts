/** The stand-in for rapidfuzz against vectors of the real package, in the interpreter that graders run in. */
import { loadPyodide } from 'pyodide';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { pythonModules } from '../../src/main/sandbox/sandbox-files.ts';

type Case = {
  readonly name: string;
  readonly input: string;
  readonly reference: string;
  readonly expected: Readonly<Record<string, number>>;
};
type Vectors = { readonly cases: readonly Case[] };

const vectors = (name: string): Vectors =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../fixtures/vectors/${name}.json`), 'utf8')) as Vectors;

type Python = {
  readonly FS: { mkdirTree(path: string): void; writeFile(path: string, text: string): void };
  runPython(code: string): unknown;
};
let python: Python;
// Our own code, which needs no sandbox: what graders bring runs in the app's hidden page only.
beforeAll(async () => {
  python = await loadPyodide();
  for (const [path, text] of Object.entries(pythonModules() ?? {})) {
    python.FS.mkdirTree(`/graders/${path}`.replace(/\/[^/]*$/, ''));
    python.FS.writeFile(`/graders/${path}`, text);
  }
  python.runPython('import sys, json; sys.path.append("/graders")');
}, 60_000);

function ask(code: string): unknown {
  return JSON.parse(String(python.runPython(`import json\njson.dumps(${code})`)));
}

it.each(vectors('text_fuzzy_match').cases)('fuzz: $name', ({ input, reference, expected }) => {
  python.runPython('from rapidfuzz import fuzz, utils');
  for (const [scorer, value] of Object.entries(expected)) {
    const processor = scorer.endsWith('_processed') ? 'utils.default_process' : 'None';
    const call = `fuzz.${scorer.replace('_processed', '')}(${JSON.stringify(input)}, ${JSON.stringify(reference)}, processor=${processor})`;
    expect([scorer, ask(call)]).toEqual([scorer, expect.closeTo(value * 100, 7)]);
  }
});

it.each(vectors('text_levenshtein').cases)('distance: $name', ({ input, reference, expected }) => {
  python.runPython('from rapidfuzz.distance import Indel, Levenshtein');
  const texts = `${JSON.stringify(input)}, ${JSON.stringify(reference)}`;
  const { levenshtein_distance, levenshtein_normalized_similarity, indel_distance, indel_normalized_similarity } =
    expected;
  expect(
    ask(
      `[Levenshtein.distance(${texts}), Levenshtein.normalized_similarity(${texts}), Indel.distance(${texts}), Indel.normalized_similarity(${texts})]`,
    ),
  ).toEqual([
    levenshtein_distance,
    expect.closeTo(levenshtein_normalized_similarity ?? NaN, 9),
    indel_distance,
    expect.closeTo(indel_normalized_similarity ?? NaN, 9),
  ]);
});

it('finds the best of several choices', () => {
  python.runPython('from rapidfuzz import process, utils, fuzz');
  const choices = '["Atlanta Falcons", "New York Jets", None, "New York Giants"]';
  expect(ask(`process.extractOne("new york jets", ${choices}, processor=utils.default_process)`)).toEqual([
    'New York Jets',
    100,
    1,
  ]);
  expect(ask(`process.extractOne("x", ["y"], score_cutoff=50)`)).toBeNull();
  expect(
    ask(`[each[2] for each in process.extract("jets", {"a": "jet", "b": "no"}, scorer=fuzz.ratio, limit=1)]`),
  ).toEqual(['a']);
  expect(ask(`fuzz.ratio("ab", "abcd", score_cutoff=90)`)).toBe(0);
});

it('runs a grader and says what it returned, printed and did wrong', () => {
  python.runPython('import runner');
  const run = (source: string): unknown =>
    JSON.parse(ask(`runner.run(${JSON.stringify(source)}, "{}", "{}", '{"trace": 7}', "Hint.")`) as string);
  expect(run('def grade(a, b):\n    print(trace)\n    return 1')).toEqual({ ok: true, value: 1, printed: '7\n' });
  expect(run('def grade(a, b):\n    return {"score": 1}')).toMatchObject({
    ok: false,
    message: 'grade() returned a value of type dict: it must return a float.',
  });
  expect(run('import numpy')).toMatchObject({
    message: "ModuleNotFoundError: There is no module 'numpy' here. Hint.",
  });
  expect(run('def grade(a, b):\n    return 1 / 0')).toMatchObject({
    message: 'ZeroDivisionError: division by zero (grader.py:2)',
  });
});
