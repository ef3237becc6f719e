/** `detector`: a rule that finds faults in traces, as a grader. */
import { DETECTOR_IDS, SEVERITIES } from '#shared/detect.ts';
import type { GraderKind } from '../types.ts';
import { nameTest } from './calls.ts';
import { amount, choiceOf, count, evidenceOf, graded, numberOf, traceKind } from './kind.ts';

const ANY = 'any';
const EXPECTATIONS = ['absent', 'present'] as const;

export const detector: GraderKind = traceKind({
  type: 'detector',
  label: 'Detector',
  about:
    'Whether one of the detectors (loops, ignored errors, lost instructions and others) finds its fault in the trace.',
  required: ['detector'],
  fields: {
    detector: {
      enum: [ANY, ...DETECTOR_IDS],
      title: 'Detector',
      description: 'any: whichever of them. Its settings are those of the workspace.',
    },
    severity: {
      enum: SEVERITIES,
      default: 'low',
      title: 'Severity from',
      description: 'Milder findings do not count.',
    },
    agent: {
      type: 'string',
      title: 'Agent',
      description: 'Only findings that point to this one; * stands for any text.',
    },
    expect: {
      enum: EXPECTATIONS,
      default: 'absent',
      title: 'Expected',
      description: 'absent: no such finding; present: one at least.',
    },
    max: {
      type: 'integer',
      minimum: 0,
      default: 0,
      title: 'Findings at most',
      description: 'Where they are to be absent.',
    },
  },
  example: { name: 'No loop in the call graph', detector: 'call-loop', expect: 'absent' },
  needs: () => ({ findings: true }),
  grade: (definition, trace) => {
    const least = SEVERITIES.indexOf(choiceOf(definition.severity, SEVERITIES, 'low'));
    const agent = typeof definition.agent === 'string' ? nameTest(definition.agent) : null;
    const found = trace.findings.filter(
      (finding) =>
        (definition.detector === ANY || finding.detector === definition.detector) &&
        SEVERITIES.indexOf(finding.severity) <= least &&
        (!agent || (finding.agent !== null && agent(finding.agent))),
    );
    const wanted = choiceOf(definition.expect, EXPECTATIONS, 'absent') === 'present';
    if (trace.running && wanted && found.length === 0)
      return { status: 'not_applicable', explanation: 'The trace is still running, and nothing was found yet.' };
    const meant = DETECTOR_IDS.filter((id) => definition.detector === ANY || definition.detector === id);
    // Nobody looked: that nothing was found says nothing. Of all, those that are switched on are meant.
    if (meant.every((id) => trace.detectors_off?.includes(id)))
      return {
        status: 'not_applicable',
        explanation: `${meant.length > 1 ? 'All detectors are' : `The detector ${meant.join()} is`} switched off in this workspace. Settings, Detectors switches it on.`,
      };
    const max = numberOf(definition.max) ?? 0;
    const [first] = found;
    const bound = wanted ? 'one at least is expected' : `at most ${amount(max)}`;
    return graded(
      wanted ? found.length > 0 : found.length <= max,
      `${count(found.length, 'finding')}, ${bound}${first ? `: ${first.reason}` : '.'}`,
      {
        evidence: found
          .flatMap(({ span_ids: ids, reason }) => evidenceOf(ids.slice(0, 5), reason.slice(0, 200)))
          .slice(0, 50),
        notes: { findings: found.length },
      },
    );
  },
});
