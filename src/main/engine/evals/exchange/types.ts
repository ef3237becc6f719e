/** What is found in files of other tools: evals with their runs, and what these said of each item. Nothing is looked up yet. */
import type { EvalRunRow, RunModelUse, RunStatus } from '#shared/eval.ts';
import type { Grade, GraderDefinition } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { wellFormed } from '../well-formed.ts';

export type FoundItem = {
  readonly task: string;
  readonly title: string;
  /** Named by the item; whether there is such a trace here is not known. */
  readonly traceId: string | null;
  readonly item: Json;
  /** OpenAI's `sample`. */
  readonly sample: Json;
  readonly status: 'due' | 'passed' | 'failed' | 'errored' | 'neither';
  /** As the source has it; null = the weighted mean of the criteria is taken. */
  readonly score: number | null;
  readonly cost: number | null;
  readonly durationMs: number | null;
  /** By criterion of the run. */
  readonly grades: readonly (Grade | null)[];
};

export type FoundCriterion = {
  /** Unique within the run. */
  readonly name: string;
  /** As it stands in the file; of a kind that is not ours where the file does not say how it graded. */
  readonly definition: GraderDefinition;
  readonly threshold: number | null;
  readonly weight: number;
};

export type FoundRun = {
  /** As the source calls it; null = it has no id. */
  readonly id: string | null;
  readonly name: string;
  readonly status: RunStatus;
  readonly criteria: readonly FoundCriterion[];
  readonly items: readonly FoundItem[];
  readonly modelUse: readonly RunModelUse[];
  readonly metadata: EvalRunRow['metadata'];
  /** Milliseconds since the Unix epoch; null = unknown. */
  readonly createdAt: number | null;
  readonly error: string | null;
  /** What the source says of the run and the app has no place for; given back when it is exported. */
  readonly original: JsonObject;
};

export type FoundEval = {
  readonly id: string | null;
  readonly name: string;
  readonly metadata: EvalRunRow['metadata'];
  readonly createdAt: number | null;
  /** Its criteria as they stand in the file, where it tells them: they become graders. */
  readonly file: JsonObject | null;
  readonly runs: readonly FoundRun[];
};

export type FoundRuns = {
  /** For people: "OpenAI eval run". */
  readonly format: string;
  /** Short and stable. */
  readonly kind: 'openai' | 'promptfoo';
  readonly evals: readonly FoundEval[];
  readonly problems: readonly ExchangeProblem[];
};

/** Field of the metadata of an item that went out from here: what pairs it with items of other runs. */
export const OWN_TASK = 'tracewright_task';

const LONGEST_TITLE = 200;
const MOST_PAIRS = 16;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 512;

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

export function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter(
        (each): each is JsonObject => typeof each === 'object' && each !== null && !Array.isArray(each),
      )
    : [];
}

/** Seconds since the epoch, as OpenAI has them, or a time as text. */
export function timeOf(value: Json | undefined): number | null {
  const at =
    typeof value === 'number'
      ? value > 1e11
        ? value
        : value * 1_000
      : typeof value === 'string'
        ? Date.parse(value)
        : NaN;
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? Math.round(at) : null;
}

/** At most 16 short pairs, as OpenAI has them; numbers and the like become texts. */
export function pairsOf(value: Json | undefined): EvalRunRow['metadata'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const pairs = Object.entries(value as JsonObject).flatMap(([key, each]): (readonly [string, string])[] =>
    each === null || typeof each === 'object'
      ? []
      : [[key.slice(0, LONGEST_KEY), String(each).slice(0, LONGEST_VALUE)]],
  );
  return Object.fromEntries(pairs.slice(0, MOST_PAIRS));
}

export function gradeWith(grade: Partial<Grade> & Pick<Grade, 'status'>): Grade {
  return {
    score: null,
    label: null,
    passed: null,
    explanation: '',
    evidence: [],
    errors: [],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 0,
    ...grade,
  };
}

/** Names in the order in which they were met, each with a place. */
export function placesOf<T>(make: (name: string) => T): { readonly at: (name: string) => number; readonly all: T[] } {
  const places = new Map<string, number>();
  const all: T[] = [];
  return {
    all,
    at(name) {
      let place = places.get(name);
      if (place === undefined) {
        place = all.length;
        places.set(name, place);
        all.push(make(name));
      }
      return place;
    },
  };
}

/** The beginning of what an item is about. */
export function titleOf(value: Json): string {
  const text = typeof value === 'string' ? value : firstText(value, 3);
  return wellFormed(
    (text ?? '')
      .slice(0, 5 * LONGEST_TITLE)
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, LONGEST_TITLE),
  );
}

const TELLING = ['input', 'question', 'prompt', 'query', 'task', 'text', 'content', 'message'];

function firstText(value: Json, depth: number): string | null {
  if (typeof value === 'string') return value;
  if (depth === 0 || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    for (const each of (value as readonly Json[]).slice(0, 20)) {
      const text = firstText(each, depth - 1);
      if (text !== null) return text;
    }
    return null;
  }
  const object = value as JsonObject;
  for (const key of [...TELLING, ...Object.keys(object).slice(0, 50)]) {
    const text = Object.hasOwn(object, key) ? firstText(object[key] ?? null, depth - 1) : null;
    if (text !== null && text.trim() !== '') return text;
  }
  return null;
}
