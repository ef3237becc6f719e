/** Runs commands by their keys, everywhere in the page. */
import { keysOfEvent, normaliseKeys } from './keys.ts';
import { allCommands, isPossible } from './registry.ts';

/** Someone who types text means text, unless Ctrl, Cmd or Alt is held. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (!modified && isTyping(event.target)) return;
  // A modal dialog has the keyboard to itself, but for the chords that leave or replace it; one that fades out has not.
  if (!modified && document.querySelector(':is([role=dialog], [role=alertdialog]):not([data-closed])')) return;
  const keys = keysOfEvent(event);
  const command = allCommands().find(
    (candidate) => candidate.keys !== undefined && normaliseKeys(candidate.keys) === keys,
  );
  if (!command || !isPossible(command)) return;
  event.preventDefault();
  command.run();
}
