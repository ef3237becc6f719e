import { useEffect } from 'react';
import type { ThemeChoice } from '../theme/theme.ts';
import { bridge } from '../data/bridge.ts';
import { assumeAnswer, engine, useEngine } from '../data/engine.ts';
import { attempt } from '#shared/rpc/client.ts';
import { notifyError } from './notices.ts';
import { applyTheme, isThemeChoice } from '../theme/theme.ts';

const KEY = 'theme';

/** The choice as the workspace's settings hold it. */
export function useThemeChoice(): ThemeChoice {
  const saved = useEngine('settings.get', { key: KEY }).data;
  return isThemeChoice(saved) ? saved : 'system';
}

/** Applies the saved choice, at the start and whenever it changes. */
export function useSavedTheme(): void {
  const choice = useThemeChoice();
  useEffect(() => show(choice), [choice]);
}

export async function chooseTheme(choice: ThemeChoice): Promise<void> {
  show(choice);
  assumeAnswer('settings.get', { key: KEY }, choice);
  const saved = await attempt(engine.call('settings.set', { key: KEY, value: choice }));
  if (!saved.ok) notifyError('The theme could not be saved', saved.error);
}

function show(choice: ThemeChoice): void {
  applyTheme(choice);
  bridge.setTheme(choice);
}
