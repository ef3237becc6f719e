/** Commands for the generation on show: what changed, and the agent's generations before and after. */
import { useMemo } from 'react';
import type { SpanContext } from '#shared/context.ts';
import type { Command } from '../../../commands/registry.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { useSelection } from '../../../state/selection.ts';
import { useSpanTab } from './span-tab.ts';

/** Null while another kind of span is on show: then they are there, and cannot be used. */
export function useGenerationCommands(context: SpanContext | null): void {
  const commands = useMemo(() => generationCommands(context), [context]);
  useRegisterCommands(commands);
}

function generationCommands(context: SpanContext | null): readonly Command[] {
  const group = 'Trace';
  const { selectSpan } = useSelection.getState();
  const previous = context?.previous ?? null;
  const next = context?.next ?? null;
  return [
    {
      id: 'trace.generation.changes',
      title: 'What changed since the generation before',
      group,
      keys: 'd',
      when: () => context !== null,
      run: () => useSpanTab.getState().show('changes'),
    },
    {
      id: 'trace.generation.previous',
      title: 'The agent’s generation before',
      group,
      keys: 'q',
      when: () => previous !== null,
      run: () => selectSpan(previous),
    },
    {
      id: 'trace.generation.next',
      title: 'The agent’s generation after',
      group,
      keys: 'shift+q',
      when: () => next !== null,
      run: () => selectSpan(next),
    },
  ];
}
