/** Which part of a span holds what is looked for. */
import { useEffect, useEffectEvent } from 'react';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { contentText } from '#shared/message.ts';
import { indexOfText, jsonHolds } from '../../../widgets/find-text.ts';
import type { SpanTab } from './span-tab.ts';

/** When a span is come to while a text is looked for, the tab opens that holds it, unless the open one does. */
export function useTabWithFind(
  detail: SpanDetail | null,
  find: string,
  tab: SpanTab,
  onTab: (tab: SpanTab) => void,
): void {
  const look = useEffectEvent(() => {
    if (!detail || find === '') return;
    const holding = tabsHolding(detail, find);
    const [first] = holding;
    if (first !== undefined && !holding.includes(tab)) onTab(first);
  });
  const id = detail?.id ?? null;
  useEffect(() => look(), [id, find]);
}

/** In the order in which they are looked through. Of contents that are not here, the beginning tells, else they may hold it. */
export function tabsHolding(detail: SpanDetail, find: string): readonly SpanTab[] {
  const { input, output } = detail;
  const inSummary = input.slice(-1).concat(output.slice(0, 3));
  const named = [detail.name, detail.agent, detail.model, detail.tool, detail.error?.message, detail.error?.type];
  const tabs: SpanTab[] = [];
  if (named.some((name) => indexOfText(name ?? '', find) >= 0) || holds(inSummary, find)) tabs.push('summary');
  if (holds(input, find)) tabs.push('input');
  if (holds(output, find)) tabs.push('output');
  if (jsonHolds(detail.attributes, find)) tabs.push('attributes');
  if (tabs.length > 0) return tabs;
  if (input.some(({ item }) => item === null)) return ['input'];
  return output.some(({ item }) => item === null) ? ['output'] : [];
}

function holds(items: readonly ContentView[], find: string): boolean {
  return items.some((view) => indexOfText(view.item ? contentText(view.item) : (view.preview ?? ''), find) >= 0);
}
