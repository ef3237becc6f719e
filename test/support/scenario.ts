/**
 * What a person types in the scenario "did it help?": four graders of recorded customer service, and a judge that anyone
 * can count after.
 */
import type { JsonObject } from '#shared/json.ts';
import { allText, json, listenAsJudge, says, type Asked, type JudgeServer } from './scripted-judge.ts';

export const OUTCOME = 'Solved, says the recorder';
export const EXPECTED = 'Makes the expected calls';
/** Two hundred characters and an emoji. */
export const SHORT =
  `Needs few calls 🧮 ${'(a name that somebody wrote as a whole sentence, so that everybody knows what is meant by it) '.repeat(3)}`.slice(
    0,
    200,
  );
export const POLITE = 'Says goodbye politely';

/** With the button of "New grader…" that begins each. */
export const GRADERS: readonly {
  readonly kind: RegExp;
  readonly definition: JsonObject & { readonly name: string };
}[] = [
  {
    kind: /^Trajectory match/i,
    definition: {
      ...{ type: 'trajectory_match', name: EXPECTED, mode: 'superset', arguments: 'superset' },
      reference: '{{ item.expected_actions }}',
    },
  },
  {
    kind: /^JavaScript/,
    definition: {
      ...{ type: 'javascript', name: SHORT },
      source: `function grade(sample, item) {
  const calls = trace.tool_calls;
  return {
    score: calls.length <= 5 ? 1 : 0,
    explanation: calls.length + ' tool calls',
    evidence: calls.slice(5).map(({ span_id }) => ({ span_id, note: 'one more than five' })),
  };
}`,
    },
  },
  {
    kind: /^String check/i,
    definition: {
      ...{ type: 'string_check', name: OUTCOME, operation: 'eq' },
      ...{ input: '{{ item.outcome }}', reference: 'pass' },
    },
  },
  {
    kind: /^Score by a model/,
    definition: {
      ...{ type: 'score_model', name: POLITE, model: 'default', range: [0, 1], pass_threshold: 0.5 },
      input: [{ role: 'user', content: 'How polite is the end? Trial {{ item.trial }} of task {{ item.task_id }}.' }],
    },
  },
];

/** Odd trials are polite in the scripted judge's eyes. */
export function isPolite(trial: number): boolean {
  return trial % 2 === 1;
}

export function startPoliteJudge(): Promise<JudgeServer> {
  return listenAsJudge((asked, response) => {
    if (asked.path.endsWith('/models')) return json({ data: [{ id: 'judge-1' }] })(asked, response);
    return says({ steps: [{ description: 'The end', conclusion: 'Read.' }], result: scoreOf(asked) })(asked, response);
  });
}

function scoreOf(asked: Asked): number {
  const trial = Number(/Trial (\d+) of task/.exec(allText(asked))?.[1] ?? Number.NaN);
  return isPolite(trial) ? 0.9 : 0.2;
}
