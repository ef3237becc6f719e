/** What rules and their effects are called. */
import type { RuleChange, RulesPreview } from '#shared/rpc/contract.ts';
import type { Rule } from '#shared/rules.ts';
import type { SpanKind } from '#shared/record.ts';
import { KIND_LABELS } from '../../../theme/kind-icon.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';

export function conditionsOf({ match }: Rule): readonly string[] {
  return [
    ...(match.name === undefined ? [] : [`name ${shown(match.name)}`]),
    ...(match.scope === undefined ? [] : [`scope ${shown(match.scope)}`]),
    ...(match.dialect === undefined ? [] : [`dialect ${shown(match.dialect)}`]),
    ...(match.attributes ?? []).map(({ key, value }) =>
      value === undefined ? `has ${visibleString(key)}` : `${visibleString(key)} ${shown(value)}`,
    ),
  ];
}

export function effectsOf({ set }: Rule): readonly string[] {
  const { kind, agent, tool, session, handoff } = set;
  return [
    ...(kind === undefined ? [] : [`kind ${KIND_LABELS[kind]}`]),
    ...(agent === undefined ? [] : [`agent ${shown(agent)}`]),
    ...(tool === undefined ? [] : [`tool ${shown(tool)}`]),
    ...(handoff === undefined ? [] : [`edge ${end(handoff.from)} → ${end(handoff.to)}`]),
    ...(session === undefined ? [] : [`session ${shown(session)}`]),
  ];
}

function end(name: string | undefined): string {
  return name === undefined ? '?' : visibleString(name);
}

function shown(text: string): string {
  return `“${visibleString(text)}”`;
}

export function summaryOf(preview: RulesPreview): string {
  const { spans, sessions, traces, complete, scanned } = preview;
  const parts = [
    ...(spans > 0 ? [counted(spans, 'span')] : []),
    ...(sessions > 0
      ? [`the ${sessions === 1 ? 'session of 1 trace' : `sessions of ${formatCount(sessions)} traces`}`]
      : []),
  ];
  const limit = complete ? '' : ` among the first ${formatCount(scanned)} spans`;
  if (parts.length === 0) return `Nothing that is here would change${limit}.`;
  return `${parts.join(' and ')} would change, in ${counted(traces, 'trace')}${limit}.`;
}

export function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

export const FIELD_NAMES: Readonly<Record<RuleChange['field'], string>> = {
  kind: 'Kind',
  agent: 'Agent',
  tool: 'Tool',
  edge: 'Edge',
  session: 'Session',
};

export function valueText({ field }: RuleChange, value: string | null, after: boolean): string {
  if (value === null) return field === 'session' && after ? 'as the source says' : 'none';
  return field === 'kind' ? (KIND_LABELS[value as SpanKind] ?? value) : visibleString(value);
}
