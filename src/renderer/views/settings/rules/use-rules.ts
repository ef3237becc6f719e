/** The stored rules, how they are changed, and what a change would do. */
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { AppError } from '#shared/result.ts';
import type { RulesPreview, RulesState } from '#shared/rpc/contract.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { Rule } from '#shared/rules.ts';
import { assumeAnswer, engine } from '../../../data/engine.ts';
import { notifyError } from '../../../state/notices.ts';

const UNDO_STEPS = 100;
/** Typing pauses this long before the engine is asked. */
const PAUSE_MS = 200;

/** Earlier lists of this window, newest last. */
export const useRuleHistory = create<{ readonly past: readonly (readonly Rule[])[] }>()(() => ({ past: [] }));

export async function saveRules(state: RulesState, rules: readonly Rule[]): Promise<boolean> {
  const saved = await store(state, rules);
  if (saved) useRuleHistory.setState(({ past }) => ({ past: [...past, state.rules].slice(-UNDO_STEPS) }));
  return saved;
}

export async function undoRules(): Promise<void> {
  const { past } = useRuleHistory.getState();
  const before = past.at(-1);
  if (!before) return;
  const result = await attempt(engine.call('rules.set', { rules: before }));
  if (!result.ok) {
    notifyError('The rules were not changed', result.error);
    return;
  }
  assumeAnswer('rules.get', undefined, result.value);
  useRuleHistory.setState({ past: past.slice(0, -1) });
}

async function store(state: RulesState, rules: readonly Rule[]): Promise<boolean> {
  assumeAnswer('rules.get', undefined, { ...state, rules });
  const result = await attempt(engine.call('rules.set', { rules }));
  assumeAnswer('rules.get', undefined, result.ok ? result.value : state);
  if (!result.ok) notifyError('The rules were not changed', result.error);
  return result.ok;
}

export function moveRule(rules: readonly Rule[], index: number, by: -1 | 1): readonly Rule[] {
  const moved = [...rules];
  const [rule] = moved.splice(index, 1);
  if (rule) moved.splice(Math.max(0, index + by), 0, rule);
  return moved;
}

/** Replaces the rule with this id, or adds it at the end. */
export function putRule(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  return rules.some((each) => each.id === rule.id)
    ? rules.map((each) => (each.id === rule.id ? rule : each))
    : [...rules, rule];
}

export type Preview = {
  readonly data: RulesPreview | null;
  readonly error: AppError | null;
  /** A newer answer is on its way. */
  readonly loading: boolean;
};

/** Asks what these rules would change; null = nothing to ask. The answer before stays until the next one is there. */
export function usePreview(rules: readonly Rule[] | null): Preview {
  const text = rules === null ? null : JSON.stringify(rules);
  const [answer, setAnswer] = useState<{ text: string; data: RulesPreview | null; error: AppError | null } | null>(
    null,
  );
  useEffect(() => {
    if (text === null) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      void attempt(
        engine.call('rules.preview', { rules: JSON.parse(text) as readonly Rule[] }, { signal: controller.signal }),
      ).then((result) => {
        if (controller.signal.aborted) return;
        setAnswer((before) =>
          result.ok
            ? { text, data: result.value, error: null }
            : { text, data: before?.data ?? null, error: result.error },
        );
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  if (text === null) return { data: null, error: null, loading: false };
  return { data: answer?.data ?? null, error: answer?.error ?? null, loading: answer?.text !== text };
}
