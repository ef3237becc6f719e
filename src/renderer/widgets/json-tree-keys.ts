import type { KeyboardEvent } from 'react';

/** Arrow keys of an ARIA tree whose open items are all in the document. */
export function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const active = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=treeitem]') : null;
  const at = active ? items.indexOf(active) : -1;
  if (!active || at < 0 || event.target !== active) return;
  const target = targetOf(event.key, items, at, active);
  if (target === null) return;
  event.preventDefault();
  event.stopPropagation();
  if (target === 'toggle') {
    active.querySelector<HTMLElement>(':scope > [data-row]')?.click();
    return;
  }
  active.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
}

function targetOf(
  key: string,
  items: readonly HTMLElement[],
  at: number,
  active: HTMLElement,
): HTMLElement | 'toggle' | null {
  const expanded = active.getAttribute('aria-expanded');
  switch (key) {
    case 'ArrowDown':
      return items[at + 1] ?? active;
    case 'ArrowUp':
      return items[at - 1] ?? active;
    case 'Home':
      return items[0] ?? active;
    case 'End':
      return items.at(-1) ?? active;
    case 'Enter':
    case ' ':
      return expanded === null ? null : 'toggle';
    case 'ArrowRight':
      return expanded === 'false' ? 'toggle' : expanded === 'true' ? (items[at + 1] ?? active) : active;
    case 'ArrowLeft':
      return expanded === 'true' ? 'toggle' : (active.parentElement?.closest<HTMLElement>('[role=treeitem]') ?? active);
    default:
      return null;
  }
}
