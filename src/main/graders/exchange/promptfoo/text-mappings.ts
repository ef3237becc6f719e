/** Assertions about the text of the answer. */
import { isJsonObject } from '#shared/json.ts';
import { compilePattern } from '#shared/schema/schema-pattern.ts';
import {
  ANSWER,
  info,
  listOf,
  made,
  refused,
  textOf,
  warning,
  type Assertion,
  type Mapped,
  type Mapping,
} from './assertion.ts';
import { javascriptOf, levenshteinSource, pythonOf } from './code.ts';

const NO_TEXT = 'Its value is no text.';
const NO_LIST = 'Its value is no list of texts.';

export const TEXT_MAPPINGS: Readonly<Record<string, Mapping>> = {
  equals: ({ value, negated }) => {
    const text = textOf(value);
    if (text === null)
      return value === null
        ? refused('It has no value.')
        : made({ type: 'final_answer', check: 'json_diff', reference: value });
    return made({ type: 'string_check', input: ANSWER, reference: text, operation: negated ? 'ne' : 'eq' }, 'done');
  },
  contains: contains(false),
  icontains: contains(true),
  'contains-all': containsAll(false),
  'icontains-all': containsAll(true),
  'contains-any': containsAny(false),
  'icontains-any': containsAny(true),
  'starts-with': ({ value }) => {
    const text = textOf(value);
    if (text === null) return refused(NO_TEXT);
    if (text.includes('{{'))
      return refused('Patterns here hold no variables: write it as code, or as a check of contains.');
    return pattern(`^${text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}`);
  },
  regex: ({ value }) => {
    const text = textOf(value);
    if (text === null) return refused(NO_TEXT);
    if (text.includes('{{')) return refused('Patterns here hold no variables: write it as code.');
    return pattern(text);
  },
  'is-json': ({ value }) => {
    if (value !== null && !isJsonObject(value)) return refused('Its schema is no JSON schema.');
    return made({ type: 'final_answer', check: 'json_schema', schema: value ?? true });
  },
  'contains-json': ({ value }) =>
    value === null
      ? made({ type: 'javascript', source: CONTAINS_JSON })
      : refused('JSON inside of a text is found here, but not held against a schema: write it as code.'),
  javascript: code('javascript'),
  python: code('python'),
  similar: similarity('cosine', 0.75),
  'similar:cosine': similarity('cosine', 0.75),
  'rouge-n': similarity('rouge_1', 0.75),
  bleu: similarity('bleu', 0.5),
  gleu: similarity('gleu', 0.5),
  meteor: similarity('meteor', 0.5),
  levenshtein: ({ value, threshold, negated }) => {
    const text = textOf(value);
    if (text === null) return refused(NO_TEXT);
    if (text.includes('{{'))
      return refused('Code here holds no variables: write it with item, or use text_similarity.');
    return made(
      { type: 'javascript', source: levenshteinSource(text, threshold ?? 5) },
      negated ? 'score' : 'done',
      info('It became code: edits are counted as before, and the score is the share of the text that stays.'),
    );
  },
  'word-count': ({ value }) => {
    const exact = typeof value === 'number' ? value : null;
    const { min = null, max = null } = isJsonObject(value) ? value : { min: exact, max: exact };
    if (typeof min !== 'number' && typeof max !== 'number') return refused('It has neither min nor max.');
    const tests = [
      ...(typeof min === 'number' ? [`words >= ${min}`] : []),
      ...(typeof max === 'number' ? [`words <= ${max}`] : []),
    ];
    return made({ type: 'javascript', source: WORDS.replace('TESTS', tests.join(' && ')) });
  },
};

/** `final_answer` reads patterns in linear time; what it does not know becomes code. */
function pattern(text: string): Mapped {
  if (compilePattern(text)) return made({ type: 'final_answer', check: 'regex', pattern: text });
  try {
    new RegExp(text);
  } catch {
    return refused('Its pattern is no regular expression.');
  }
  return made(
    {
      type: 'javascript',
      source: `// From an assertion of promptfoo.\nfunction grade(sample, item) {\n  return new RegExp(${JSON.stringify(text)}).test(sample.output_text) ? 1 : 0;\n}\n`,
    },
    'binary',
    info('Its pattern goes beyond those of final_answer, so it became code.'),
  );
}

function contains(ignoreCase: boolean): Mapping {
  return ({ value, negated }) => {
    const text = textOf(value);
    if (text === null) return refused(NO_TEXT);
    if (negated) return holds('contains_none', [text], ignoreCase, 'done');
    return made({ type: 'string_check', input: ANSWER, reference: text, operation: ignoreCase ? 'ilike' : 'like' });
  };
}

function containsAll(ignoreCase: boolean): Mapping {
  return ({ value }) => {
    const list = listOf(value);
    return list === null ? refused(NO_LIST) : holds('contains', list, ignoreCase, 'binary');
  };
}

function containsAny(ignoreCase: boolean): Mapping {
  return ({ value, negated }) => {
    const list = listOf(value);
    if (list === null) return refused(NO_LIST);
    return negated
      ? holds('contains_none', list, ignoreCase, 'done')
      : holds('contains_any', list, ignoreCase, 'binary');
  };
}

function holds(
  check: 'contains' | 'contains_any' | 'contains_none',
  reference: readonly string[],
  ignoreCase: boolean,
  turn: 'done' | 'binary',
): Mapped {
  return made({ type: 'final_answer', check, reference, ...(ignoreCase ? { ignore_case: true } : {}) }, turn);
}

function similarity(metric: string, standard: number): Mapping {
  return ({ value, threshold, source }) => {
    const text = textOf(value);
    if (text === null)
      return refused(
        Array.isArray(value) ? 'It has several references: make a grader for each, and a formula with max.' : NO_TEXT,
      );
    const notes =
      metric === 'cosine'
        ? [info('It needs an endpoint for embeddings (Settings), whatever provider it named.')]
        : [
            warning(
              `${metric} is computed as documented here; promptfoo divides texts into words in another way, so that scores may differ a little.`,
            ),
          ];
    return made(
      {
        type: 'text_similarity',
        input: ANSWER,
        reference: text,
        evaluation_metric: metric,
        pass_threshold: threshold ?? standard,
      },
      'score',
      ...notes,
      ...(metric === 'cosine' && source.provider !== undefined ? [info('Its provider is not taken along.')] : []),
    );
  };
}

function code(language: 'javascript' | 'python'): Mapping {
  return ({ value, threshold, negated, source }: Assertion) => {
    if (typeof value !== 'string' || value.trim() === '') return refused('It has no code.');
    const written = typeof source.value === 'string' ? source.value : value;
    const make = language === 'javascript' ? javascriptOf : pythonOf;
    const beyond =
      /\bcontext\s*(?:\.|\[["'])(?!\s*vars)/.test(written) ||
      /\b(require|import|fetch|process)\b\s*[(.'"{*]/.test(written);
    return made(
      { type: language, source: make(written, threshold, negated) },
      'done',
      info('In it, context.vars is the row of the dataset (item); it may use trace and span as well.'),
      ...(beyond
        ? [
            warning(
              'It seems to use files, the network, modules or more of context than vars: those are not there in the sandbox.',
            ),
          ]
        : []),
    );
  };
}

const CONTAINS_JSON = `// From an assertion of promptfoo: JSON somewhere in the answer.
function grade(sample, item) {
  const text = sample.output_text.slice(0, 200000);
  for (let from = text.search(/[[{]/), tries = 0; from >= 0 && tries < 200; tries++) {
    const close = text[from] === '{' ? '}' : ']';
    for (let to = text.lastIndexOf(close), ends = 0; to > from && ends < 20; to = text.lastIndexOf(close, to - 1), ends++) {
      try {
        JSON.parse(text.slice(from, to + 1));
        return 1;
      } catch {
        // Perhaps it ends earlier.
      }
    }
    const next = text.slice(from + 1).search(/[[{]/);
    from = next < 0 ? -1 : from + 1 + next;
  }
  return 0;
}
`;

const WORDS = `// From an assertion of promptfoo.
function grade(sample, item) {
  const words = sample.output_text.split(/\\s+/).filter((word) => word !== '').length;
  return { score: TESTS ? 1 : 0, explanation: words + ' words' };
}
`;
