/** Finds a text in what is drawn of a content, whatever elements it is spread over. Letters and digits count, in any case. */

/** Characters of an element that are looked at. */
const MOST = 2_000_000;

export function findRange(root: Element, wanted: string): Range | null {
  const sought = bare(wanted);
  if (sought === '') return null;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('button, [aria-hidden="true"]') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const nodes: { node: Text; from: number }[] = [];
  let all = '';
  for (let node = walker.nextNode(); node && all.length < MOST; node = walker.nextNode()) {
    const text = node as Text;
    nodes.push({ node: text, from: all.length });
    all += bare(text.data);
  }
  const found = all.indexOf(sought);
  if (found < 0) return null;
  const start = placeOf(nodes, found);
  const end = placeOf(nodes, found + sought.length - 1);
  if (!start || !end) return null;
  const range = document.createRange();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset + end.length);
  return range;
}

const WORDLY = /[\p{L}\p{N}]/u;

function bare(text: string): string {
  let plain = '';
  for (const character of text) if (WORDLY.test(character)) plain += small(character);
  return plain;
}

/** As many units as the character has, so that places can be counted. */
function small(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === character.length ? lower : character;
}

function placeOf(nodes: readonly { node: Text; from: number }[], at: number) {
  const found = nodes.findLast(({ from }) => from <= at);
  if (!found) return null;
  let left = at - found.from;
  let offset = 0;
  for (const character of found.node.data) {
    if (WORDLY.test(character)) {
      if (left < character.length) return { node: found.node, offset, length: character.length };
      left -= character.length;
    }
    offset += character.length;
  }
  return null;
}
