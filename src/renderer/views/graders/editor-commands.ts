/** What keys and the palette do in the editor of one grader. */
import { useMemo } from 'react';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { setDraft, stepped, useGraderDrafts, type GraderDraft } from '../../state/grader-drafts.ts';

export type EditorDialog = 'save' | 'versions' | 'flips';

type Can = {
  readonly maySave: boolean;
  /** The definition can be used. */
  readonly good: boolean;
  readonly saved: boolean;
  readonly onDialog: (dialog: EditorDialog) => void;
  readonly onRun: () => void;
};

export function useEditorCommands(id: string, { maySave, good, saved, onDialog, onRun }: Can): void {
  const commands = useMemo<readonly Command[]>(() => {
    const now = (): GraderDraft | undefined => useGraderDrafts.getState().drafts[id];
    function step(by: -1 | 1): void {
      const before = now();
      if (before) setDraft(id, stepped(before, by));
    }
    return [
      {
        id: 'graders.undo',
        title: 'Undo',
        group: 'Graders',
        keys: 'mod+z',
        when: () => (now()?.at ?? 0) > 0 && isInEditor(),
        run: () => step(-1),
      },
      {
        id: 'graders.redo',
        title: 'Redo',
        group: 'Graders',
        keys: 'mod+shift+z',
        when: () => {
          const draftNow = now();
          return draftNow !== undefined && draftNow.at < draftNow.texts.length - 1 && isInEditor();
        },
        run: () => step(1),
      },
      {
        id: 'graders.save',
        title: 'Save the grader…',
        group: 'Graders',
        keys: 'mod+s',
        menu: 'File',
        when: () => maySave,
        run: () => onDialog('save'),
      },
      {
        id: 'graders.run',
        title: 'Run the bench',
        group: 'Graders',
        keys: 'mod+enter',
        run: () => onRun(),
      },
      {
        id: 'graders.versions',
        title: 'Versions of the grader…',
        group: 'Graders',
        when: () => saved,
        run: () => onDialog('versions'),
      },
      {
        id: 'graders.flips',
        title: 'What would flip…',
        group: 'Graders',
        when: () => good,
        run: () => onDialog('flips'),
      },
      {
        id: 'graders.form',
        title: 'Go to the form',
        group: 'Graders',
        keys: 'alt+1',
        run: () => focusIn('[data-pane=form]'),
      },
      {
        id: 'graders.json',
        title: 'Go to the JSON',
        group: 'Graders',
        keys: 'alt+2',
        run: () => focusIn('[data-pane=json]'),
      },
      {
        id: 'graders.bench',
        title: 'Go to the bench',
        group: 'Graders',
        keys: 'alt+3',
        run: () => document.querySelector<HTMLElement>('[data-pane=bench] [role=listbox]')?.focus(),
      },
    ];
  }, [id, maySave, good, saved, onDialog, onRun]);
  useRegisterCommands(commands);
}

/** The fields of form and JSON share one undo; other text fields have their own. */
function isInEditor(): boolean {
  const active = document.activeElement;
  const typing =
    active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === 'text');
  return !typing || active.closest('[data-pane=form], [data-pane=json]') !== null;
}

function focusIn(selector: string): void {
  document.querySelector<HTMLElement>(`${selector} :is(input, textarea, select)`)?.focus();
}
