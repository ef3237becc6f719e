/** The native menu, made from the commands. */
import type { MenuItem, MenuModel, MenuRole } from '#shared/bridge.ts';
import type { Command, MenuName } from './registry.ts';
import { accelerator } from './keys.ts';
import { isPossible } from './registry.ts';

const ORDER: readonly MenuName[] = ['File', 'Edit', 'View', 'Go', 'Help'];

/** What the desktop does by itself, after our own commands. */
const ROLES: Readonly<Record<MenuName, readonly (MenuRole | '-')[]>> = {
  File: ['close', 'quit'],
  Edit: ['undo', 'redo', '-', 'cut', 'copy', 'paste', 'selectAll'],
  View: ['zoomIn', 'zoomOut', 'resetZoom', 'togglefullscreen', '-', 'reload', 'toggleDevTools'],
  Go: [],
  Help: [],
};

export function menuModel(commands: readonly Command[]): MenuModel {
  return ORDER.map((label) => {
    const own = commands.filter((command) => command.menu === label);
    const items: MenuItem[] = [];
    own.forEach((command, index) => {
      if (index > 0 && command.group !== own[index - 1]?.group) items.push({ type: 'separator' });
      items.push(commandItem(command));
    });
    const roles = ROLES[label];
    if (items.length > 0 && roles.length > 0) items.push({ type: 'separator' });
    for (const role of roles) items.push(role === '-' ? { type: 'separator' } : { type: 'role', role });
    return { label, items };
  }).filter((menu) => menu.items.length > 0);
}

function commandItem(command: Command): MenuItem {
  return {
    type: 'command',
    id: command.id,
    label: command.title,
    enabled: isPossible(command),
    ...(command.keys === undefined ? {} : { accelerator: accelerator(command.keys) }),
  };
}
