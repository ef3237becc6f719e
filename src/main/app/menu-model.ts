/** A menu model comes from a page, so its shape is checked before a native menu is made of it. */
import { menuRoles, type MenuModel } from '#shared/bridge.ts';

/** The model if a page sent a well-formed one, else null. */
export function toMenuModel(value: unknown): MenuModel | null {
  return Array.isArray(value) && value.every(isSection) ? (value as MenuModel) : null;
}

function isSection(value: unknown): boolean {
  const { label, items } = fieldsOf(value);
  return typeof label === 'string' && Array.isArray(items) && items.every(isItem);
}

function isItem(value: unknown): boolean {
  const { type, role, id, label, accelerator, enabled } = fieldsOf(value);
  if (type === 'separator') return true;
  if (type === 'role') return menuRoles.some((known) => known === role) && isOptional('string', label);
  return (
    (type === undefined || type === 'command') &&
    typeof id === 'string' &&
    typeof label === 'string' &&
    isOptional('string', accelerator) &&
    isOptional('boolean', enabled)
  );
}

function isOptional(type: 'string' | 'boolean', value: unknown): boolean {
  return value === undefined || typeof value === type;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
