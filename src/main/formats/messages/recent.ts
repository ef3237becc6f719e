/**
 * What was read last, because conversations repeat: each model call carries all that was said before it, and agents
 * say their instructions at every turn. Equal text gives the same items again, and a list that goes on where an earlier
 * one ended is read from there, so that a long conversation costs what is new in it. The items are the same objects
 * each time, by which the store knows them again.
 */
import type { ContentItem } from '#shared/message.ts';

/** Shorter texts are sooner read than looked for; but for instructions, of which there are few. */
const MAX_SHORT = 2000;
const INSTRUCTIONS = 'system';
const SHORT_TEXTS = 500;
/** Lists of messages that are kept; each is compared with every longer text. */
const LISTS = 16;
/** UTF-16 units of all lists together. */
const MAX_TOTAL = 2_000_000;

/** A list of messages; `text` ends before the bracket that closes it. */
type List = { readonly role: string | null; readonly text: string; readonly items: readonly ContentItem[] };

/** What a text begins with that was read before; `rest` is JSON text of a list of what follows, '' when nothing does. */
export type Known = { readonly items: readonly ContentItem[]; readonly rest: string };

export type Recent = {
  readonly find: (text: string, role: string | null) => Known | null;
  /** @param isList the text is a list in JSON whose elements were read one by one */
  readonly add: (text: string, role: string | null, items: readonly ContentItem[], isList: boolean) => void;
};

export function createRecent(): Recent {
  let recent = new Map<string, readonly ContentItem[]>();
  let older = new Map<string, readonly ContentItem[]>();
  /** The newest last. */
  const lists: List[] = [];
  let total = 0;

  function findList(text: string, role: string | null): Known | null {
    for (let at = lists.length - 1; at >= 0; at--) {
      const list = lists[at];
      if (!list || list.role !== role || list.text.length >= text.length) continue;
      // Not startsWith, which compares letter by letter.
      if (text.slice(0, list.text.length) !== list.text) continue;
      const rest = text.slice(list.text.length);
      if (rest === ']') return { items: list.items, rest: '' };
      if (!rest.startsWith(',')) continue;
      // It will be kept with its continuation.
      drop(at);
      return { items: list.items, rest: `[${rest.slice(1)}` };
    }
    return null;
  }

  function drop(at: number): void {
    for (const { text } of lists.splice(at, 1)) total -= text.length;
  }

  return {
    find(text, role) {
      if (text.length > MAX_SHORT) return findList(text, role);
      const items = role === INSTRUCTIONS ? (recent.get(text) ?? older.get(text)) : undefined;
      return items ? { items, rest: '' } : null;
    },
    add(text, role, items, isList) {
      if (text.length <= MAX_SHORT) {
        if (role !== INSTRUCTIONS) return;
        // Two generations, so that nothing has to be kept in order.
        if (recent.size >= SHORT_TEXTS) {
          older = recent;
          recent = new Map();
        }
        recent.set(text, items);
      } else if (isList && text.length <= MAX_TOTAL) {
        const open = text.slice(0, text.lastIndexOf(']')).trimEnd();
        lists.push({ role, text: open, items });
        total += open.length;
        while (lists.length > LISTS || total > MAX_TOTAL) drop(0);
      }
    },
  };
}
