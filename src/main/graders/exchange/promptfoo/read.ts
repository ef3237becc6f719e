/**
 * Configurations and tests of promptfoo. Each assertion becomes a grader of its own; those of a set or a test with a threshold,
 * where weights matter, become one formula. Variables of tests are rows of a dataset and are not taken along.
 */
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { FoundGrader, FoundGraders } from '../types.ts';
import { token } from '../types.ts';
import { numberOf, textOf } from './assertion.ts';
import { mapAssertion } from './map.ts';

const MOST_ASSERTIONS = 5_000;
const LONGEST_NAME = 80;

/** Null when nothing in it is of that kind. */
export function findPromptfoo(value: Json): FoundGraders | null {
  const root =
    isJsonObject(value) && isJsonObject(value.config) && !Object.hasOwn(value, 'tests') ? value.config : value;
  const at = root === value ? '' : '/config';
  const reader = createReader(isJsonObject(root) ? root.assertionTemplates : undefined);
  if (Array.isArray(root)) {
    const tests = root as readonly Json[];
    if (tests.length === 0 || !tests.every(isTest)) return null;
    tests.forEach((test, index) => {
      reader.test(test as JsonObject, `${at}${token(index)}`);
    });
    return { format: 'promptfoo tests', ...reader.found() };
  }
  if (!isJsonObject(root) || !KEYS.some((key) => Object.hasOwn(root, key))) return null;
  const { tests, defaultTest, scenarios, assert } = root;
  if (isJsonObject(defaultTest)) reader.test(defaultTest, `${at}/defaultTest`);
  else if (typeof defaultTest === 'string') reader.elsewhere(`${at}/defaultTest`, defaultTest);
  if (Array.isArray(assert)) reader.test({ assert: assert as readonly Json[] }, at);
  readTests(tests, `${at}/tests`);
  if (Array.isArray(scenarios))
    (scenarios as readonly Json[]).forEach((scenario, index) => {
      const path = `${at}/scenarios${token(index)}`;
      if (typeof scenario === 'string') reader.elsewhere(path, scenario);
      if (!isJsonObject(scenario)) return;
      if (Array.isArray(scenario.config)) readTests(scenario.config as readonly Json[], `${path}/config`);
      readTests(scenario.tests, `${path}/tests`);
    });
  return { format: 'promptfoo configuration', ...reader.found() };

  function readTests(given: Json | undefined, path: string): void {
    if (typeof given === 'string') reader.elsewhere(path, given);
    if (!Array.isArray(given)) return;
    (given as readonly Json[]).forEach((test, index) => {
      if (isJsonObject(test)) reader.test(test, `${path}${token(index)}`);
      else if (typeof test === 'string') reader.elsewhere(`${path}${token(index)}`, test);
    });
  }
}

const KEYS = ['tests', 'defaultTest', 'scenarios', 'assert', 'assertionTemplates', 'providers', 'prompts'] as const;

function isTest(value: Json): boolean {
  return isJsonObject(value) && (Array.isArray(value.assert) || isJsonObject(value.vars));
}

type Term = {
  readonly grader: JsonObject;
  readonly formula: (name: string) => string;
  readonly weight: number;
  readonly path: string;
};

function createReader(templates: Json | undefined) {
  const graders: FoundGrader[] = [];
  const problems: ExchangeProblem[] = [];
  const taken = new Map<string, number>();
  const seen = new Set<string>();
  let assertions = 0;
  let weighed = false;
  let vars = 0;

  function say(severity: ExchangeProblem['severity'], path: string, message: string): void {
    problems.push({ severity, path, message });
  }

  function add(path: string, name: string, grader: JsonObject): void {
    const same = canonicalJson(grader);
    if (seen.has(same)) {
      say('info', path, 'The same is there already: it was taken once.');
      return;
    }
    seen.add(same);
    const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const number = (taken.get(short) ?? 0) + 1;
    taken.set(short, number);
    graders.push({ path, definition: { ...grader, name: number === 1 ? short : `${short} (${number})` } });
  }

  function resolved(given: Json, path: string): JsonObject | null {
    const named = isJsonObject(given) && typeof given.$ref === 'string' ? given.$ref : null;
    const key = named?.replace(/^#\/assertionTemplates\//, '');
    const target =
      key !== undefined && isJsonObject(templates) && Object.hasOwn(templates, key) ? templates[key] : given;
    if (named !== null && target === given) {
      say('error', path, `It refers to ${named.slice(0, 100)}, which is not in the file.`);
      return null;
    }
    if (isJsonObject(target)) return target;
    say(
      'error',
      path,
      typeof given === 'string' ? `It is in ${given.slice(0, 200)}, which is not read.` : 'It is no assertion.',
    );
    return null;
  }

  /** What an assertion alone is; with `not-` done. */
  function term(given: Json, path: string): (Term & { readonly name: string }) | null {
    if (++assertions > MOST_ASSERTIONS) {
      if (assertions === MOST_ASSERTIONS + 1)
        say('error', path, `Only the first ${MOST_ASSERTIONS} assertions were read.`);
      return null;
    }
    const source = resolved(given, path);
    if (!source) return null;
    const { mapped, assertion, problems: notes } = mapAssertion(source);
    for (const note of notes) say(note.severity, path, note.message);
    if ('refused' in mapped || !assertion) {
      say('error', path, 'refused' in mapped ? mapped.refused : 'It is no assertion.');
      return null;
    }
    const weight = numberOf(source.weight) ?? 1;
    const turned = assertion.negated && mapped.turn !== 'done';
    return {
      grader: mapped.grader,
      formula: (name) => (turned ? `(1 - ${name})` : name),
      weight,
      path,
      name: nameOf(source, assertion.value),
    };
  }

  function alone(given: Json, path: string): void {
    const made = term(given, path);
    if (!made) return;
    const { grader, formula, weight, name } = made;
    const neutral: JsonObject = weight === 0 ? { direction: 'neutral' } : {};
    if (weight === 0) say('info', path, 'Its weight is 0, so that it never fails: it became neutral.');
    else if (weight !== 1) weighed = true;
    if (formula('x') === 'x') add(path, name, { ...grader, ...neutral });
    else if (grader.type === 'text_similarity' || grader.type === 'score_model' || grader.type === 'tool_use') {
      say('info', path, '"not" became the direction "minimise": at exactly its threshold it passes.');
      add(path, name, { ...grader, direction: 'minimise', ...neutral });
    } else {
      const inner: JsonObject = { ...grader, name: 'it' };
      add(path, name, {
        type: 'multi',
        graders: { it: inner },
        calculate_output: '1 - it',
        pass_threshold: 0.5,
        ...neutral,
      });
    }
  }

  /** The weighted mean, as promptfoo has it where there is a threshold. */
  function together(list: readonly Json[], threshold: number, path: string, name: string): void {
    const terms = list.flatMap((each, at) => {
      const place = `${path}/assert${token(at)}`;
      if (isJsonObject(each) && each.type === 'assert-set') {
        say('warning', place, 'A set inside of what has a threshold: its assertions are taken apart.');
        set(each, place);
        return [];
      }
      const made = term(each, place);
      return made && made.weight > 0 ? [made] : [];
    });
    if (terms.length === 0) return;
    if (terms.length < list.length)
      say('warning', path, `Its formula has ${terms.length} of ${list.length} assertions: the mean is of those.`);
    const all = terms.reduce((sum, { weight }) => sum + weight, 0);
    const sum = terms
      .map(({ weight, formula }, at) => `${weight === 1 ? '' : `${weight} * `}${formula(`a${at + 1}`)}`)
      .join(' + ');
    add(path, name, {
      type: 'multi',
      graders: Object.fromEntries(
        terms.map((each, at) => [`a${at + 1}`, { ...each.grader, name: each.name.slice(0, LONGEST_NAME) }]),
      ),
      calculate_output: `(${sum}) / ${all}`,
      pass_threshold: threshold,
    });
  }

  function set(given: JsonObject, path: string): void {
    const list = Array.isArray(given.assert) ? (given.assert as readonly Json[]) : [];
    const threshold = numberOf(given.threshold);
    if (threshold !== null) together(list, threshold, path, textOf(given.metric ?? null) ?? 'assertion set');
    else list.forEach((each, at) => alone(each, `${path}/assert${token(at)}`));
    if (given.weight !== undefined && given.weight !== 1) weighed = true;
  }

  return {
    test(test: JsonObject, path: string): void {
      const { assert, threshold, description } = test;
      if (isJsonObject(test.vars)) vars++;
      if (typeof assert === 'string') this.elsewhere(`${path}/assert`, assert);
      if (!Array.isArray(assert)) return;
      const list = assert as readonly Json[];
      const least = numberOf(threshold);
      if (least !== null)
        together(list, least, path, textOf(description ?? null) ?? `Test ${path.split('/').at(-1) ?? ''}`);
      else
        list.forEach((each, at) => {
          const place = `${path}/assert${token(at)}`;
          if (isJsonObject(each) && each.type === 'assert-set') set(each, place);
          else alone(each, place);
        });
    },
    elsewhere(path: string, file: string): void {
      say('error', path, `It is in ${file.slice(0, 200)}, which is not read: import that file, too.`);
    },
    found(): { readonly graders: readonly FoundGrader[]; readonly problems: readonly ExchangeProblem[] } {
      if (weighed)
        say(
          'info',
          '',
          'Weights count only where a test or a set has a threshold: elsewhere each assertion is a grader of its own.',
        );
      if (vars > 0)
        say(
          'info',
          '',
          `Variables of ${vars} ${vars === 1 ? 'test is' : 'tests are'} not taken along: graders find them in item, the row of a dataset or the metadata of a trace.`,
        );
      return { graders, problems };
    },
  };
}

function nameOf({ type, metric }: JsonObject, value: Json): string {
  const given = textOf(metric ?? null);
  if (given !== null && given.trim() !== '') return given.trim();
  const what = textOf(value) ?? (value === null ? '' : JSON.stringify(value));
  const line = what.replace(/\s+/g, ' ').trim();
  const kind = textOf(type ?? null) ?? 'assertion';
  return line === '' || kind.endsWith('javascript') || kind.endsWith('python') ? kind : `${kind}: ${line}`;
}
