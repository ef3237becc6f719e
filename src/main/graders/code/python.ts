/**
 * OpenAI's `python`: the source defines `grade(sample, item)`, which returns a float; anything else is an error. Its image
 * has packages that no sandbox without a network has: the standard library and a stand-in for `rapidfuzz` are here.
 */
import type { GraderDefinition, GraderProblem } from '#shared/grader.ts';
import { PASS_THRESHOLD, graderSchema } from '../text/fields.ts';
import type { GraderKind } from '../types.ts';
import { limitFields, sourceProblems } from './fields.ts';
import { codeNeeds, codeRequest, sourceOf } from './request.ts';
import { verdictOf, type CodeFlags } from './verdict.ts';

const MEMORY_MB = 512;
const FLAGS: CodeFlags = { runtime: 'python_grader_runtime_error', server: 'python_grader_server_error' };

/** What OpenAI's image 2025-05-08 has and the sandbox has not, by the names that they are imported under. */
const NOT_HERE =
  /^[ \t]*(?:import|from)[ \t]+(numpy|scipy|sympy|pandas|sklearn|rouge_score|deepdiff|jsonschema|pydantic|yaml|nltk|sqlparse|rdkit|skbio|ast_grep_py)\b/gm;

export const python: GraderKind = {
  type: 'python',
  label: 'Python',
  about: 'Your own rule in Python, run in a sandbox with the standard library.',
  group: 'code',
  runs: 'code',
  schema: graderSchema('python', ['source'], {
    source: {
      type: 'string',
      title: 'Source',
      format: 'python',
      description:
        'Defines grade(sample, item), which returns a float. trace, span and handoff are globals; verdict(score, explanation=, evidence=[…]) and not_applicable(reason) may be returned instead.',
    },
    image_tag: {
      type: ['string', 'null'],
      title: 'Image',
      description: "OpenAI's image. It is kept and changes nothing here.",
    },
    pass_threshold: PASS_THRESHOLD,
    ...limitFields(MEMORY_MB),
  }),
  example: {
    type: 'python',
    name: 'Close to the reference',
    source: `from rapidfuzz import fuzz, utils


def grade(sample, item):
    return fuzz.WRatio(sample["output_text"], item["reference"], processor=utils.default_process) / 100
`,
  },
  check: (definition) => [...sourceProblems(definition), ...packageProblems(definition)],
  needs: codeNeeds,
  grade: async (definition, { subject, services, signal }) =>
    verdictOf(await services.runCode(codeRequest('python', definition, subject, MEMORY_MB), signal), FLAGS),
};

function packageProblems(definition: GraderDefinition): GraderProblem[] {
  const names = new Set([...sourceOf(definition).matchAll(NOT_HERE)].map((match) => match[1]));
  return names.size === 0
    ? []
    : [
        {
          severity: 'warning',
          path: '/source',
          message: `The sandbox has no ${[...names].join(', ')}: only the standard library and rapidfuzz. With packages, it runs in a Python of your own.`,
        },
      ];
}
