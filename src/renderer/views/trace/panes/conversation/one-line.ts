/** Values as one line of text. The work is bounded by what is shown, not by the size of the value. */
import type { Json, JsonObject } from '#shared/json.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';

const LINE = 140;
/** Longer than this, a tree is easier to read than a line. */
const COMPACT = 96;
const MEMBERS = 8;

/** The beginning of a value, for a line that is cut anyway. */
export function oneLine(value: Json): string {
  const text = typeof value === 'string' ? value.slice(0, LINE * 2) : brief(value, 3);
  const line = visibleString(text.replace(/\s+/g, ' ').trim());
  return line.length > LINE ? `${line.slice(0, LINE)}…` : line;
}

/** All of a small value, or null when it is not small. Objects are written without their outer braces. */
export function compact(value: Json): string | null {
  const room = { left: COMPACT };
  const text = whole(value, room, 3);
  if (text === null || room.left < 0) return null;
  return text.startsWith('{') ? text.slice(1, -1).trim() : text;
}

function whole(value: Json, room: { left: number }, depth: number): string | null {
  if (typeof value === 'string') {
    room.left -= value.length + 2;
    return room.left < 0 || value.includes('\n') ? null : JSON.stringify(value);
  }
  if (value === null || typeof value !== 'object') {
    room.left -= 5;
    return String(value);
  }
  if (depth === 0) return null;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      room.left -= 2;
      const part = room.left < 0 ? null : whole(item, room, depth - 1);
      if (part === null) return null;
      parts.push(part);
    }
    return `[${parts.join(', ')}]`;
  }
  const object = value as JsonObject;
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue;
    room.left -= key.length + 4;
    const part = room.left < 0 ? null : whole(object[key] ?? null, room, depth - 1);
    if (part === null) return null;
    parts.push(`${key}: ${part}`);
  }
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function brief(value: Json, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LINE));
  if (value === null || typeof value !== 'object') return String(value);
  if (depth === 0) return '…';
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of (value as readonly Json[]).slice(0, MEMBERS)) parts.push(brief(item, depth - 1));
    return `[${parts.join(', ')}${value.length > MEMBERS ? ', …' : ''}]`;
  }
  const object = value as JsonObject;
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue;
    if (parts.length === MEMBERS) {
      parts.push('…');
      break;
    }
    parts.push(`${key.slice(0, 40)}: ${brief(object[key] ?? null, depth - 1)}`);
  }
  return parts.join(', ');
}
