import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { Command } from '../commands/registry.ts';
import { handleKey } from '../commands/key-handler.ts';
import { menuModel } from '../commands/menu.ts';
import { runCommand, useCommands, useRegisterCommands } from '../commands/registry.ts';
import { bridge } from '../data/bridge.ts';
import { chooseAndImportFiles, chooseAndImportFolder, loadSamples } from '../state/imports.ts';
import { openPatternSearch } from '../state/pattern-search.ts';
import { go, usePlace } from '../state/place.ts';
import { views } from '../views/registry.ts';
import { chooseTheme } from '../state/saved-theme.ts';

/** Which of the overlays is open: never two. */
export const useOverlay = create<{ readonly overlay: 'palette' | 'shortcuts' | null }>()(() => ({ overlay: null }));

export function showOverlay(overlay: 'palette' | 'shortcuts' | null): void {
  useOverlay.setState({ overlay });
}

/** What the app itself can do; views register theirs. */
export const appCommands: readonly Command[] = [
  {
    id: 'workspace.new',
    title: 'New workspace…',
    group: 'Workspace',
    menu: 'File',
    run: () => void bridge.newWorkspace(),
  },
  {
    id: 'workspace.open',
    title: 'Open workspace…',
    group: 'Workspace',
    keys: 'mod+shift+o',
    menu: 'File',
    run: () => void bridge.openWorkspace(),
  },
  {
    id: 'import.files',
    title: 'Import files…',
    group: 'Import',
    keys: 'mod+o',
    menu: 'File',
    run: () => void chooseAndImportFiles(),
  },
  {
    id: 'import.folder',
    title: 'Import a folder…',
    group: 'Import',
    menu: 'File',
    run: () => void chooseAndImportFolder(),
  },
  { id: 'import.samples', title: 'Load sample traces', group: 'Import', menu: 'File', run: () => void loadSamples() },
  {
    id: 'palette.open',
    title: 'Search or command…',
    group: 'General',
    keys: 'mod+k',
    menu: 'Go',
    run: () => showOverlay(useOverlay.getState().overlay === 'palette' ? null : 'palette'),
  },
  {
    id: 'patterns.search',
    title: 'Find traces by pattern…',
    group: 'General',
    keys: 'mod+shift+f',
    menu: 'Edit',
    run: openPatternSearch,
  },
  ...views.map((view): Command => ({
    id: `view.${view.id}`,
    title: `Go to ${view.title}`,
    group: 'Views',
    keys: view.keys,
    menu: 'Go',
    run: () => go({ view: view.id }),
  })),
  { id: 'go.back', title: 'Back', group: 'History', keys: 'alt+arrowleft', menu: 'Go', run: () => history.back() },
  {
    id: 'go.forward',
    title: 'Forward',
    group: 'History',
    keys: 'alt+arrowright',
    menu: 'Go',
    run: () => history.forward(),
  },
  {
    id: 'theme.system',
    title: 'Theme: follow the system',
    group: 'Theme',
    menu: 'View',
    run: () => void chooseTheme('system'),
  },
  { id: 'theme.light', title: 'Theme: light', group: 'Theme', menu: 'View', run: () => void chooseTheme('light') },
  { id: 'theme.dark', title: 'Theme: dark', group: 'Theme', menu: 'View', run: () => void chooseTheme('dark') },
  {
    id: 'shortcuts.show',
    title: 'Keyboard shortcuts',
    group: 'General',
    keys: '?',
    menu: 'Help',
    run: () => showOverlay('shortcuts'),
  },
];

/** Registers them, listens to keys and to the native menu, and keeps that menu up to date. */
export function useAppCommands(): void {
  useRegisterCommands(appCommands);
  const commands = useCommands();
  const place = usePlace();

  useEffect(() => {
    window.addEventListener('keydown', handleKey);
    const stop = bridge.onMenuCommand((id) => runCommand(id));
    return () => {
      window.removeEventListener('keydown', handleKey);
      stop();
    };
  }, []);

  // What is possible depends on the place, too.
  const model = useMemo(() => (place === null ? [] : menuModel(commands)), [commands, place]);
  const text = JSON.stringify(model);
  useEffect(() => bridge.setMenu(JSON.parse(text) as typeof model), [text]);
}
