/** Annotations in words: what is said, about what, by whom. All of it may come from a trace: cut, and made visible. */
import type { AnnotationKind, AnnotationPlace, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import { formatDuration } from '#shared/time.ts';
import { labelTitle } from './label-titles.ts';
import { visibleString } from '../widgets/visible-text.ts';

export const KIND_NAMES: Readonly<Record<AnnotationKind, string>> = {
  category: 'Label',
  score: 'Score',
  verdict: 'Pass or fail',
  note: 'Note',
  correction: 'Correction',
  blame: 'Blame',
  preference: 'Preference',
};

type Said = Pick<
  AnnotationState,
  'kind' | 'category' | 'severity' | 'score' | 'passed' | 'isRootCause' | 'taxonomy' | 'preference' | 'tags'
> & { readonly agent?: string | null };

/** "Root cause: Tool misuse", "score 0.5", "Note". */
export function annotationTitle(row: Said): string {
  const parts = [
    row.kind === 'score' && row.taxonomy !== null ? cut(row.taxonomy, 80) : null,
    row.category === null ? null : cut(labelTitle(row.taxonomy, row.category), 120),
    row.severity === null ? null : cut(row.severity, 40),
    row.score === null ? null : `score ${Math.round(row.score * 1e4) / 1e4}`,
    row.passed === null ? null : row.passed ? 'passed' : 'failed',
  ].filter((part) => part !== null);
  const said = parts.join(', ');
  if (row.isRootCause) return said === '' ? 'Root cause' : `Root cause: ${said}`;
  if (said !== '') return said;
  return KIND_NAMES[row.kind];
}

/** Where it comes from: "Who&When labels", a person, or nothing that is known. */
export function annotationSource(row: AnnotationRow): string {
  const taxonomy = row.kind === 'score' ? null : row.taxonomy;
  const parts = [row.editor ?? row.author, taxonomy, row.imported ? 'imported' : null];
  return parts
    .filter((part) => part !== null && part !== '')
    .map((part) => cut(part ?? '', 60))
    .join(' · ');
}

/** What it is about, without the trace around it: "agent Planner", "characters of a message". */
export function placeWords(place: AnnotationPlace, spanName: (id: string) => string | null): string {
  switch (place.kind) {
    case 'trace':
      return 'the whole trace';
    case 'span':
      return `span ${named(spanName(place.spanId))}`;
    case 'text':
      return `“${cut(place.quote.replace(/\s+/g, ' ').trim(), 80)}”`;
    case 'edge': {
      const ends = `${nodeName(place.from)} → ${nodeName(place.to)}`;
      return place.spanId === null ? `${EDGE_NAMES[place.edge] ?? 'edge'} ${ends}` : `one crossing of ${ends}`;
    }
    case 'agent':
      return `agent ${cut(place.agent, 80)}`;
    case 'range':
      return `${formatDuration(place.startNs)} to ${formatDuration(place.endNs)}`;
    case 'absence': {
      const after = place.afterSpanId === null ? '' : ` after ${named(spanName(place.afterSpanId))}`;
      return place.agent === null
        ? `a step that is missing${after}`
        : `${cut(place.agent, 80)} should have acted${after}`;
    }
    case 'pair':
      return 'two traces compared';
  }
}

const EDGE_NAMES: Readonly<Record<string, string>> = {
  handoff: 'handoff',
  agent_call: 'agent call',
  return: 'return',
  message: 'message',
  tool_call: 'tool call',
  guardrail: 'guardrail check',
};

/** Ids of nodes say their kind before their name. */
export function nodeName(id: string): string {
  const at = id.indexOf(':');
  return cut(at < 0 ? id : id.slice(at + 1).replace(/#[^#]*$/, ''), 60);
}

function named(name: string | null): string {
  return name === null ? 'that is not here' : name === '' ? 'without a name' : cut(name, 80);
}

function cut(text: string, most: number): string {
  const shown = visibleString(text.slice(0, most));
  return text.length > most ? `${shown}…` : shown;
}
