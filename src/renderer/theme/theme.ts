import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';
export const THEME_CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

let revision = 0;
const listeners = new Set<() => void>();
const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;

function changed(): void {
  revision++;
  for (const listener of listeners) listener();
}

dark?.addEventListener('change', changed);

export function isThemeChoice(value: unknown): value is ThemeChoice {
  return THEME_CHOICES.includes(value as ThemeChoice);
}

/** Applies the choice to this document; 'system' leaves the decision to the media query. */
export function applyTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  changed();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Grows when colours change; for what draws on a canvas. */
export function useThemeRevision(): number {
  return useSyncExternalStore(subscribe, () => revision);
}
