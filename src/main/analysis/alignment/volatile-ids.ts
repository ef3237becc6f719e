/**
 * Ids and times that are made anew in every run say nothing of what was done. Which of them are such is told by both traces
 * together: one that stands in only one of them was made there; one that stands in both (an order's number, a user's id) is
 * a matter of fact, and another one in its place is a change.
 */

/** UUIDs, ids with the prefix of their maker, long hexadecimal numbers, and times with parts of a second. */
const VOLATILE =
  /\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?:call|toolu|tooluse|msg|run|resp|chatcmpl|fc|rs|span|trace|thread|item|req|gen|evt|ws|step|srvtoolu|cmpl)[_-]{1,2}(?=[a-z_-]{0,24}\d)[a-z0-9_-]{5,64}|(?=[a-f]{0,16}\d)[0-9a-f]{16,64}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{1,9}(?:Z|[+-]\d\d:?\d\d)?|1[5-9]\d{8}(?:\d{3}|\.\d{1,9}))\b/gi;

/** Texts over this are compared as they are: work stays linear with a small factor. */
const LONGEST_SCANNED = 256 * 1024;

/** Answers whether there are any. */
export function addVolatileIds(text: string, found: Set<string>): boolean {
  if (text.length > LONGEST_SCANNED) return false;
  const ids = text.match(VOLATILE);
  if (ids === null) return false;
  for (const id of ids) found.add(id);
  return true;
}

/** @param stays those of both traces */
export function withoutVolatileIds(text: string, stays: { has: (id: string) => boolean }): string {
  if (text.length > LONGEST_SCANNED) return text;
  return text.replace(VOLATILE, (id) => (stays.has(id) ? id : '#'));
}
