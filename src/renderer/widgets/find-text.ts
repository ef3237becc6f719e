/**
 * What is being looked for in what is on show. Widgets that fold something away open when it holds that; marking it is
 * done from outside, on the text as it is drawn.
 */
import { createContext, useContext, useState } from 'react';
import type { Json } from '#shared/json.ts';

/** Empty = nothing is looked for. */
export const FindText = createContext('');

export function useFindText(): string {
  return useContext(FindText);
}

/**
 * Whether something is open, which a person may change; it opens by itself, once, for a text that it holds.
 * @param when false = not now: it is asked when that changes
 */
export function useOpenWithFind(
  initial: boolean,
  holds: (find: string) => boolean,
  when = true,
): readonly [open: boolean, setOpen: (open: boolean) => void] {
  const text = useFindText();
  const find = when ? text : '';
  const [open, setOpen] = useState(initial);
  const [seen, setSeen] = useState('');
  if (find !== seen) {
    setSeen(find);
    if (find !== '' && !open && holds(find)) setOpen(true);
  }
  return [open, setOpen];
}

/** Where a text first stands in another, whatever the case; -1 = nowhere. */
export function indexOfText(text: string, find: string, from = 0): number {
  if (find === '') return -1;
  const pattern = new RegExp(find.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'gi');
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

/** Values looked at, for a tree that is larger than anybody opens. */
const MOST_VALUES = 50_000;

/** Whether a key or a value of some JSON holds a text. Of a huge value, the beginning is looked through. */
export function jsonHolds(value: Json, find: string): boolean {
  const open: Json[] = [value];
  for (let looked = 0; open.length > 0 && looked < MOST_VALUES; looked++) {
    const next = open.pop();
    if (typeof next === 'string') {
      if (indexOfText(next, find) >= 0) return true;
    } else if (Array.isArray(next)) {
      for (const member of next.slice(0, MOST_VALUES) as readonly Json[]) open.push(member);
    } else if (typeof next === 'object' && next !== null) {
      const keys = Object.keys(next).slice(0, MOST_VALUES);
      if (keys.some((key) => indexOfText(key, find) >= 0)) return true;
      for (const key of keys) open.push((next as { readonly [key: string]: Json })[key] ?? null);
    } else if (next !== null && String(next).includes(find)) return true;
  }
  return false;
}
