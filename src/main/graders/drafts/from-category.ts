/** What a label that people give suggests: a judge that is told what they mean by it, and a detector where there is one. */
import type { DetectorInfo } from '#shared/detect.ts';
import type { GraderDefinition } from '#shared/grader.ts';
import { folded } from '#shared/taxonomy.ts';
import { literal, short, withoutPaths } from './words.ts';

export type CategoryCase = {
  readonly title: string;
  readonly definition: string;
  /** What people wrote where they saw it, with the text that they marked. */
  readonly examples: readonly { readonly note: string; readonly quote: string }[];
};

const EXAMPLES = 5;
const LONGEST = 500;
export const SHOWN = 'shown';
const ABSENT = 'absent';

export function draftsFromCategory(
  category: CategoryCase,
  detectors: readonly Pick<DetectorInfo, 'id' | 'title'>[],
): GraderDefinition[] {
  const title = short(category.title) || 'this fault';
  const fitting = detectors.filter((detector) => fits(detector, category.title));
  return [judge(category, title), ...fitting.map(detectorDraft)];
}

export function detectorDraft({ id, title }: Pick<DetectorInfo, 'id' | 'title'>): GraderDefinition {
  return { type: 'detector', name: `No finding: ${short(title)}`, detector: id, expect: 'absent' };
}

/** For one detector: at all, if it is grave, and any at all. */
export function draftsFromDetector(detector: Pick<DetectorInfo, 'id' | 'title'>): GraderDefinition[] {
  const { id, title } = detector;
  return [
    detectorDraft(detector),
    { type: 'detector', name: `No grave finding: ${short(title)}`, detector: id, severity: 'high', expect: 'absent' },
    { type: 'detector', name: 'No grave finding of any detector', detector: 'any', severity: 'high', expect: 'absent' },
  ];
}

function judge({ title: full, definition, examples }: CategoryCase, title: string): GraderDefinition {
  const meaning = withoutPaths(definition.trim()).slice(0, 4_000);
  const shown = examples
    .map(({ note, quote }) => [literal(note.trim(), LONGEST), literal(quote.trim(), LONGEST)] as const)
    .filter(([note, quote]) => note !== '' || quote !== '')
    .slice(0, EXAMPLES);
  const cases = shown.map(([note, quote]) =>
    quote === '' ? `- ${note}` : `- In "${quote}"${note === '' ? '' : `: ${note}`}`,
  );
  const system = [
    'You review the work of AI agents from a record of it. Judge only what the record shows.',
    `The question is whether it shows this fault: ${withoutPaths(short(full, 300)) || 'the one described below'}.`,
    ...(meaning === '' ? [] : [`What is meant by it: ${meaning}`]),
    ...(cases.length === 0 ? [] : [`People found it in these cases:\n${withoutPaths(cases.join('\n'))}`]),
    `- ${SHOWN}: the fault is there, at least once.\n- ${ABSENT}: it is not, or the record does not show it.`,
  ].join('\n\n');
  return {
    type: 'label_model',
    name: `Without ${title}`,
    model: 'default',
    input: [
      { role: 'system', content: system },
      { role: 'user', content: 'The record of what happened, with the id of each span:\n\n{{ trace.transcript }}' },
    ],
    labels: [ABSENT, SHOWN],
    passing_labels: [ABSENT],
    guard: true,
  };
}

/** Titles of common taxonomies that say what a detector looks for. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  'repeated-call': ['step repetition', 'repetition', 'redundant call', 'duplicate call'],
  'premature-finish': ['premature termination', 'stops too early'],
  'work-after-done': ['unaware of termination conditions', 'unaware of stopping conditions'],
  'lost-instruction': ['information withholding', 'loss of conversation history', 'lost instruction'],
  'unfounded-argument': ['invention of new information', 'hallucinated argument'],
  'invalid-call': ['invalid invocation', 'invalid tool call'],
  'guardrail-ignored': ['guardrails triggered', 'guardrail ignored'],
  'context-overflow': ['context handling failure', 'context overflow'],
  'retry-storm': ['resource exhaustion', 'rate limiting'],
  'unread-result': ["ignored other agent's input", 'tool output ignored'],
};

function fits({ id, title }: Pick<DetectorInfo, 'id' | 'title'>, category: string): boolean {
  const name = folded(category).replace(/[\s_]+/g, ' ');
  const names = [id, id.replaceAll('-', ' '), folded(title), ...(SAME[id] ?? [])];
  return name !== '' && names.includes(name);
}
