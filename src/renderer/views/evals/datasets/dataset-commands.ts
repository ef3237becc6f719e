/** What can be done in an open dataset; in the palette, the menu and the shortcut sheet while one is open. */
import type { Command } from '../../../commands/registry.ts';

export type DialogName = 'save' | 'versions' | 'export' | 'rename';

export type DatasetActs = {
  readonly addRow: () => void;
  readonly removeChosen: () => void;
  /** Null asks for files. */
  readonly importInto: (paths: readonly string[] | null) => Promise<void>;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  readonly unsaved: number;
  readonly readOnly: boolean;
};

/** `now` gives the newest state: the commands themselves are made once. */
export function datasetCommands(now: () => DatasetActs, setDialog: (name: DialogName) => void): readonly Command[] {
  const group = 'Datasets';
  const writable = (): boolean => !now().readOnly;
  return [
    {
      id: 'dataset.save',
      title: 'Save the edits as a version…',
      group,
      keys: 'mod+s',
      menu: 'File',
      when: () => now().unsaved > 0 && writable(),
      run: () => setDialog('save'),
    },
    {
      id: 'dataset.undo',
      title: 'Undo the edit, or take the last version back',
      group,
      keys: 'mod+z',
      when: () => writable() && !isInField(),
      run: () => void now().undo(),
    },
    {
      id: 'dataset.redo',
      title: 'Redo the edit, or the version that was taken back',
      group,
      keys: 'mod+shift+z',
      when: () => writable() && !isInField(),
      run: () => void now().redo(),
    },
    {
      id: 'dataset.add',
      title: 'Add an example',
      group,
      keys: 'mod+alt+a',
      when: writable,
      run: () => now().addRow(),
    },
    {
      id: 'dataset.remove',
      title: 'Delete the chosen examples',
      group,
      keys: 'mod+delete',
      when: writable,
      run: () => now().removeChosen(),
    },
    { id: 'dataset.versions', title: 'Versions of the dataset…', group, run: () => setDialog('versions') },
    {
      id: 'dataset.import',
      title: 'Import examples…',
      group,
      menu: 'File',
      when: writable,
      run: () => void now().importInto(null),
    },
    {
      id: 'dataset.export',
      title: 'Export the dataset…',
      group,
      keys: 'mod+e',
      menu: 'File',
      run: () => setDialog('export'),
    },
    { id: 'dataset.find', title: 'Search the examples', group, keys: 'mod+f', menu: 'Edit', run: focusSearch },
  ];
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[data-dataset-search]')?.select();
}

function isInField(): boolean {
  const focused = document.activeElement;
  return focused instanceof HTMLTextAreaElement || (focused instanceof HTMLInputElement && focused.type === 'text');
}
