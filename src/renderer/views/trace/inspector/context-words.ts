/** The words for the parts of a context. */
import type { ContextKind, ContextPart } from '#shared/context.ts';
import { formatCount } from '../../../widgets/format.ts';

export const CONTEXT_LABELS: Readonly<Record<ContextKind, string>> = {
  system: 'Instructions',
  tools: 'Tool definitions',
  history: 'History',
  retrieved: 'Retrieved',
  tool_output: 'Tool output',
  message: 'New messages',
  media: 'Media',
  unrecorded: 'Not recorded',
};

export const CONTEXT_MEANINGS: Readonly<Record<ContextKind, string>> = {
  system: 'System and developer messages',
  tools: 'Names, descriptions and schemas of the tools that the model was offered',
  history: 'What this agent was given before, and what it said',
  retrieved: 'Documents that a retrieval of this trace had found',
  tool_output: 'Results of tools, also earlier ones',
  message: 'What a user or another agent says for the first time',
  media: 'Images, sounds and files',
  unrecorded: 'The source states more input tokens than the content that it recorded can be',
};

/** "12.4 %", "<0.1 %", "0 %" */
export function share(part: number, total: number): string {
  if (part === 0 || total <= 0) return '0 %';
  const percent = (part / total) * 100;
  if (percent < 0.1) return '<0.1 %';
  return `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1).replace(/\.0$/, '')} %`;
}

export function itemsOf({ kind, items }: ContextPart): string {
  if (items === 0) return '';
  const word = kind === 'tools' ? 'tool' : kind === 'media' ? 'item' : 'message';
  return `${formatCount(items)} ${word}${items === 1 ? '' : 's'}`;
}
