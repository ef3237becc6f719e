/** Marks the text that a verdict rests on, in the span to which its evidence led. */
import { useEffect } from 'react';
import { contentText } from '#shared/message.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../../../data/engine.ts';
import { useGradeEvidence } from '../../../state/grade-evidence.ts';
import { contentOf, itemsOf, locate } from '../annotations/text-place.ts';
import { useOrigin } from '../origin/origin-state.ts';

export function useEvidenceMark(traceId: string): void {
  const shown = useGradeEvidence((state) => state.shown);
  useEffect(() => {
    if (shown?.traceId !== traceId || shown.spanId === null || shown.quote === null) return undefined;
    const { spanId, quote } = shown;
    let here = true;
    async function look(): Promise<void> {
      const detail = await attempt(engine.call('span.get', { traceId, spanId }));
      if (!detail.ok) return;
      for (const { side, view } of itemsOf(detail.value)) {
        const content = await contentOf(view);
        if (!here) return;
        if (!content || !locate(contentText(content), quote, '')) continue;
        useOrigin.getState().show({ spanId, side, contentKey: view.key, text: quote });
        return;
      }
    }
    void look();
    return () => {
      here = false;
    };
  }, [shown, traceId]);
}
