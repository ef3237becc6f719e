/** The native menu, drawn from the model that the page sends, so that commands are defined in one place: there. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuItem, MenuModel, MenuRole } from '#shared/bridge.ts';

/** Until the page has sent its own: enough to edit text, look at a problem and leave. */
const firstMenu: MenuModel = [
  { label: 'File', items: [{ type: 'role', role: 'quit' }] },
  { label: 'Edit', items: (['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'] as const).map(roleItem) },
  { label: 'View', items: (['reload', 'toggleDevTools', 'zoomIn', 'zoomOut', 'resetZoom'] as const).map(roleItem) },
];

export function showFirstMenu(): void {
  showMenu(firstMenu, () => undefined);
}

export function showMenu(model: MenuModel, onCommand: (id: string) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(model, onCommand)));
}

function menuTemplate(model: MenuModel, onCommand: (id: string) => void): MenuItemConstructorOptions[] {
  return model.map(({ label, items }) => ({
    label,
    submenu: items.map((item) => itemTemplate(item, onCommand)),
  }));
}

function itemTemplate(item: MenuItem, onCommand: (id: string) => void): MenuItemConstructorOptions {
  if (item.type === 'separator') return { type: 'separator' };
  if (item.type === 'role') return { role: item.role, ...(item.label ? { label: item.label } : {}) };
  const { id, label, accelerator, enabled = true } = item;
  // The page listens to the keys itself: a menu that did too would run a command twice, or while someone types.
  return { id, label, enabled, accelerator, registerAccelerator: false, click: () => onCommand(id) };
}

function roleItem(role: MenuRole): MenuItem {
  return { type: 'role', role };
}
