/** Goes between a tool call in a message and the span that executed it. */
import { useState } from 'react';
import type { SpanDetail } from '#shared/trace.ts';
import { engine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import type { MessageActions } from './message-view.tsx';
import { asksFor, bestOf, callCandidates, executes, requestCandidates, type MentionedCall } from './relations.ts';

export function useCallActions(detail: SpanDetail, tree: SpanTree): MessageActions {
  const [missing, setMissing] = useState<string | null>(null);
  const selectSpan = useSelection((state) => state.selectSpan);
  if (detail.kind === 'tool' || detail.kind === 'handoff') return {};

  async function follow(call: MentionedCall): Promise<void> {
    const row = await bestOf(callCandidates(tree.table, tree.table.rowOf(detail.id), call.tool), async (candidate) => {
      const span = await spanAt(tree, detail.traceId, candidate);
      return span ? executes(span, call) : 0;
    });
    const found = tree.table.columns.ids[row];
    if (found === undefined) setMissing(call.id);
    else selectSpan(found);
  }
  return { followCall: (call) => void follow(call), missingCall: missing };
}

/** From a tool call with an id to the generation that asked for it; null when there is no id. Resolves to whether one was found. */
export function useRequestOf(detail: SpanDetail, tree: SpanTree): (() => Promise<boolean>) | null {
  const selectSpan = useSelection((state) => state.selectSpan);
  const callId = detail.toolCallId;
  if (detail.kind !== 'tool' || callId === null || callId === '') return null;
  return async () => {
    const row = await bestOf(requestCandidates(tree.table, tree.table.rowOf(detail.id)), async (candidate) => {
      const span = await spanAt(tree, detail.traceId, candidate);
      return span && asksFor(span, callId) ? 2 : 0;
    });
    const found = tree.table.columns.ids[row];
    if (found !== undefined) selectSpan(found);
    return found !== undefined;
  };
}

async function spanAt(tree: SpanTree, traceId: string, row: number): Promise<SpanDetail | null> {
  const spanId = tree.table.columns.ids[row];
  return spanId === undefined ? null : engine.call('span.get', { traceId, spanId }).catch(() => null);
}
