/**
 * Which model judges in a run. A definition may leave that to the endpoint, whose settings change: what they say when the
 * run starts is frozen, and asked of whenever the run goes on or is repeated.
 */
import type { RunJudge } from '#shared/eval.ts';
import type { GraderDefinition } from '#shared/grader.ts';
import { checkOnce } from '../../graders/definition.ts';
import { parametersOf, textsOf } from '../../graders/judge/fields.ts';
import { definitionHash } from '../../graders/judge/hash.ts';
import { kindOf } from '../../graders/registry.ts';
import type { GradeServices } from '../../graders/types.ts';
import { definitionsIn } from '../grading/runs.ts';
import type { EndpointInUse } from '../judge/endpoint-in-use.ts';

export type JudgeChoice = {
  /** The default one first. */
  readonly endpoints: () => readonly EndpointInUse[];
  /** Asked whatever a grader names: that of --judge-url. */
  readonly only: EndpointInUse | null;
};

/** Of all definitions that ask a model, those inside of others included; one for each. */
export function judgesOf(definitions: readonly GraderDefinition[], choice: JudgeChoice): RunJudge[] {
  const judges = new Map<string, RunJudge>();
  for (const inner of definitions.flatMap((definition) => definitionsIn(definition))) {
    if (kindOf(inner.type)?.runs !== 'endpoint') continue;
    const definition = checkOnce(inner).definition ?? inner;
    const endpoint = endpointOf(definition, choice);
    const graderHash = definitionHash(definition);
    judges.set(graderHash, {
      graderHash,
      grader: definition.name,
      endpoint: endpoint ? { id: endpoint.id, label: endpoint.label, baseUrl: endpoint.baseUrl } : null,
      models: modelsOf(definition, endpoint),
      parameters: parametersOf(definition),
    });
  }
  return [...judges.values()];
}

function endpointOf({ endpoint: named }: GraderDefinition, { endpoints, only }: JudgeChoice): EndpointInUse | null {
  if (only) return only;
  const all = endpoints();
  return (
    (typeof named === 'string'
      ? all.find(({ id, label }) => id === named || label === named)
      : (all.find(({ isDefault }) => isDefault) ?? all[0])) ?? null
  );
}

/** As `ask-judge.ts` chooses. */
function modelsOf({ judges, model }: GraderDefinition, endpoint: EndpointInUse | null): string[] {
  const panel = textsOf(judges);
  if (panel.length > 0) return [...new Set(panel)];
  const asked = typeof model === 'string' && model !== '' && model !== 'default' ? model : null;
  const own = endpoint === null || endpoint.model === '' ? null : endpoint.model;
  const chosen = endpoint?.alwaysOwnModel === true ? (own ?? asked) : (asked ?? own);
  return chosen === null ? [] : [chosen];
}

/** Judges that had no endpoint when the run started have the one that there is now. */
export function withLateJudges(
  frozen: readonly RunJudge[],
  definitions: readonly GraderDefinition[],
  choice: JudgeChoice,
): readonly RunJudge[] {
  if (frozen.every(({ endpoint }) => endpoint !== null)) return frozen;
  const now = new Map(judgesOf(definitions, choice).map((judge) => [judge.graderHash, judge]));
  return frozen.map((judge) => (judge.endpoint === null ? (now.get(judge.graderHash) ?? judge) : judge));
}

/** The same services, asking the judges that are frozen into the run that is at work. */
export function pinnedServices(
  services: GradeServices,
  judgeOf: (graderHash: string) => RunJudge | undefined,
): GradeServices {
  return {
    ...services,
    judge(request, signal) {
      const judge = judgeOf(request.graderHash);
      if (!judge?.endpoint) return services.judge(request, signal);
      const [model, ...others] = judge.models;
      const exact = request.exactModel !== true && model !== undefined && others.length === 0;
      return services.judge(
        { ...request, endpoint: judge.endpoint.id, ...(exact ? { model, exactModel: true } : {}) },
        signal,
      );
    },
  };
}
