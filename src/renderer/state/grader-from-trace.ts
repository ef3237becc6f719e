/** Graders that a trace, or a span of it, suggests: each a definition to begin with in the editor. */
import { create } from 'zustand';
import type { GraderDefinition, GraderKindInfo, Subject, SubjectSpan } from '#shared/grader.ts';
import type { DraftSource } from '#shared/grader-drafts.ts';
import type { JsonObject } from '#shared/json.ts';

export type GraderIdea = {
  readonly title: string;
  /** One sentence: what it will measure. */
  readonly about: string;
  readonly definition: GraderDefinition;
};

export type GraderOrigin = { readonly traceId: string; readonly spanId: string | null };

/** What the dialog makes a grader of; null = closed. */
export const useGraderFrom = create<{ readonly from: GraderOrigin | null }>()(() => ({ from: null }));

export function askGraderFrom(traceId: string, spanId: string | null): void {
  useGraderFrom.setState({ from: { traceId, spanId } });
}

/** What the dialog of drafts is open for, with its name; null = closed. */
export type DraftsOf = { readonly from: DraftSource; readonly title: string };

export const useDraftsOf = create<{ readonly of: DraftsOf | null }>()(() => ({ of: null }));

export function askDraftsOf(from: DraftSource, title: string): void {
  useDraftsOf.setState({ of: { from, title } });
}

/** Definitions that the engine made ready, as ideas. */
export function ideasOf(drafts: readonly GraderDefinition[], kinds: readonly GraderKindInfo[]): readonly GraderIdea[] {
  return drafts.flatMap((definition) => {
    const kind = kinds.find(({ type }) => type === definition.type);
    return kind ? [{ title: definition.name, about: `${kind.label}: ${kind.about}`, definition }] : [];
  });
}

/** The ideas of the window and the drafts of the engine as one list; what a kind says in both is taken once, code comes last. */
export function withDrafts(ideas: readonly GraderIdea[], drafts: readonly GraderIdea[]): readonly GraderIdea[] {
  const types = new Set(ideas.map(({ definition }) => definition.type));
  const titles = new Set(ideas.map(({ title }) => title));
  const fresh = drafts.filter(({ title, definition }) => !types.has(definition.type) && !titles.has(title));
  const isCode = ({ definition }: GraderIdea): boolean => definition.type === 'javascript';
  return [...ideas.filter((idea) => !isCode(idea)), ...fresh, ...ideas.filter(isCode)];
}

/** Of an answer this much is compared. */
const QUOTE = 120;
const MOST_CALLS = 100;

/** Only those whose kind is here. */
export function ideasFrom(subject: Subject, kinds: readonly GraderKindInfo[]): readonly GraderIdea[] {
  const known = new Set(kinds.map(({ type }) => type));
  const ideas = [...(subject.span ? ofSpan(subject.span) : []), ...ofTrace(subject)];
  return ideas.filter(({ definition }) => known.has(definition.type));
}

function ofSpan(span: SubjectSpan): readonly GraderIdea[] {
  const what = span.tool ?? span.name;
  const filter: JsonObject = {
    kind: span.kind,
    ...(span.tool !== null ? { tool: span.tool } : span.agent !== null ? { agent: span.agent } : { name: span.name }),
  };
  const scope: JsonObject = { on: 'span', filter, aggregate: 'all' };
  const said = beginningOf(span.output);
  return [
    {
      title: `What ${short(what)} gives`,
      about: `The output of each span like this one contains what this one gave.`,
      definition: {
        ...{ type: 'string_check', name: `Output of ${short(what)}` },
        ...{ input: '{{ span.output }}', reference: said, operation: 'ilike', scope },
      },
    },
    {
      title: `What ${short(what)} is given`,
      about: `The input of each span like this one contains what this one was given.`,
      definition: {
        ...{ type: 'string_check', name: `Input of ${short(what)}` },
        ...{ input: '{{ span.input }}', reference: beginningOf(span.input), operation: 'ilike', scope },
      },
    },
    {
      title: `${short(what)} succeeds`,
      about: 'No span like this one ends with an error.',
      definition: {
        ...{ type: 'string_check', name: `${short(what)} succeeds` },
        ...{ input: '{{ span.status }}', reference: 'error', operation: 'ne', scope },
      },
    },
  ];
}

function ofTrace({ trace, sample }: Subject): readonly GraderIdea[] {
  const answer = outputOf(sample) || (trace?.output_text ?? '');
  const calls = (trace?.tool_calls ?? []).slice(0, MOST_CALLS);
  const named = trace?.name === undefined || trace.name === '' ? 'this trace' : short(trace.name);
  return [
    {
      title: 'The final answer',
      about: 'The answer of a trace contains what this one answered.',
      definition: {
        ...{ type: 'string_check', name: `Answer of ${named}`, input: '{{ sample.output_text }}' },
        ...{ reference: beginningOf(answer), operation: 'ilike' },
      },
    },
    ...(calls.length === 0
      ? []
      : [
          {
            title: 'The same tool calls',
            about: `A trace makes the ${calls.length === 1 ? 'tool call' : `${calls.length} tool calls`} of this one, in this order.`,
            definition: {
              ...{ type: 'trajectory_match', name: `Calls of ${named}`, mode: 'in_order', arguments: 'ignore' },
              reference: calls.map(({ name, arguments: given }): JsonObject =>
                given === null ? { name } : { name, arguments: given },
              ),
            },
          },
        ]),
    {
      title: 'Your own code',
      about: 'A function in JavaScript that looks at the trace and says a number.',
      definition: {
        ...{ type: 'javascript', name: `Code for ${named}` },
        source: [
          '// sample.output_text is the final answer; trace and span are there, too.',
          'function grade(sample, item) {',
          `  return sample.output_text.length > 0 ? 1 : 0;`,
          '}',
        ].join('\n'),
      },
    },
  ];
}

function outputOf(sample: Subject['sample']): string {
  if (typeof sample !== 'object' || sample === null || !('output_text' in sample)) return '';
  const { output_text: text } = sample;
  return typeof text === 'string' ? text : '';
}

/** The first line that says something, to its bound, at the end of a word. */
function beginningOf(text: string): string {
  const line =
    text
      .slice(0, 10_000)
      .split('\n')
      .map((each) => each.trim())
      .find((each) => each !== '') ?? '';
  if (line.length <= QUOTE) return line;
  const cut = line.slice(0, QUOTE);
  const space = cut.lastIndexOf(' ');
  return space > QUOTE / 2 ? cut.slice(0, space) : cut;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
