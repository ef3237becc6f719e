/**
 * Folds what a reader has seen. The engine folds what the same agent was given before; an agent that takes over is
 * given the whole story again, and that, too, stands above already.
 */
import type { ConversationEntry } from '#shared/graph.ts';
import type { ContentView } from '#shared/trace.ts';

export type Folded = { readonly input: readonly ContentView[]; readonly repeated: number };

/** By span id, for the entries in their order. Linear in the number of items. */
export function foldSeen(entries: readonly ConversationEntry[]): ReadonlyMap<string, Folded> {
  const seen = new Set<number>();
  const folded = new Map<string, Folded>();
  for (const entry of entries) {
    const input = entry.kind === 'generation' ? entry.input.filter((view) => !seen.has(view.key)) : entry.input;
    folded.set(entry.spanId, { input, repeated: entry.repeated + entry.input.length - input.length });
    // Arguments and results of tools are not messages: equal ones are worth reading twice.
    if (entry.kind !== 'generation') continue;
    for (const view of entry.input) seen.add(view.key);
    for (const view of entry.output) seen.add(view.key);
  }
  return folded;
}
