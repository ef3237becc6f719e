/** The keys of the form: the controls carry them, so that what is shown is what works. */
import type { KeyboardEvent } from 'react';

/** Each key is that of the control that shows it: buttons are pressed, lists go on by one, text fields take the focus. */
export function actByKey(form: HTMLElement | null, key: string): boolean {
  const control = [...(form?.querySelectorAll<HTMLElement>('[data-key]') ?? [])].find(
    (each) => each.dataset.key === key,
  );
  if (control instanceof HTMLSelectElement) {
    control.selectedIndex = (control.selectedIndex + 1) % control.length;
    control.dispatchEvent(new Event('change', { bubbles: true }));
  } else if (control instanceof HTMLButtonElement) control.click();
  else control?.focus();
  return control !== undefined;
}

export function isField(target: EventTarget): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && (target.type === 'text' || target.type === 'number'))
  );
}

/** In a long text Enter is a line; with Ctrl it saves everywhere. On a button it presses the button. */
export function mayEnterSave(event: KeyboardEvent): boolean {
  if (event.nativeEvent.isComposing) return false;
  if (event.ctrlKey || event.metaKey) return true;
  if (event.shiftKey) return false;
  const { target } = event;
  if (target instanceof HTMLTextAreaElement) return target.dataset.long === undefined;
  return !(target instanceof HTMLButtonElement && target.dataset.press !== undefined);
}
