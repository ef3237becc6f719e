/** A rule on its way from a span to the settings, where it is finished. */
import { create } from 'zustand';
import { attempt } from '#shared/rpc/client.ts';
import type { SpanDetail } from '#shared/trace.ts';
import type { Rule } from '#shared/rules.ts';
import { literalPattern } from '#shared/rules.ts';
import { engine } from '../data/engine.ts';
import { notifyError } from './notices.ts';
import { go } from './place.ts';

export const useRuleDraft = create<{ readonly draft: Rule | null }>()(() => ({ draft: null }));

/** Opens the rule editor on a rule for spans like this one. */
export async function makeRuleFrom(traceId: string, spanId: string): Promise<void> {
  const span = await attempt(engine.call('span.get', { traceId, spanId }));
  if (!span.ok) {
    notifyError('No rule was made', span.error);
    return;
  }
  useRuleDraft.setState({ draft: ruleFrom(span.value) });
  go({ view: 'settings' });
}

/** Matches its name and where it comes from, and sets what it is now: a start to change. */
export function ruleFrom(span: Pick<SpanDetail, 'name' | 'kind' | 'scope' | 'dialect'>): Rule {
  const { name, kind, scope, dialect } = span;
  return {
    id: crypto.randomUUID(),
    enabled: true,
    label: '',
    match: {
      ...(name === '' ? {} : { name: literalPattern(name.slice(0, 500)) }),
      ...(scope.name === null
        ? { dialect: literalPattern(dialect) }
        : { scope: literalPattern(scope.name.slice(0, 400)) }),
    },
    set: { kind },
  };
}

export function emptyRule(): Rule {
  return { id: crypto.randomUUID(), enabled: true, label: '', match: {}, set: {} };
}
