/**
 * Makes characters visible that change how text looks without being seen: control characters, ANSI escapes,
 * bidirectional overrides, Unicode tags. Trace content is hostile, and a person judges it by what they see.
 * Left alone: tab, line feed, and the joiners and variation selectors that emoji and many scripts need.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const NAMES: Readonly<Record<number, string>> = {
  0x00ad: 'soft hyphen',
  0x061c: 'Arabic letter mark',
  0x200b: 'zero-width space',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2028: 'line separator',
  0x2029: 'paragraph separator',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'pop directional formatting',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'pop directional isolate',
  0xfeff: 'byte order mark',
};

export type TextPiece =
  | { readonly type: 'text'; readonly text: string }
  /** `shown` is what to draw, `title` says what it is. */
  | { readonly type: 'hidden'; readonly shown: string; readonly title: string };

export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** Splits text so that hidden characters can be drawn as marks. A carriage return before a line feed stays silent. */
export function textPieces(text: string): readonly TextPiece[] {
  const source = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of source.matchAll(HIDDEN)) {
    if (match.index > from) pieces.push({ type: 'text', text: source.slice(from, match.index) });
    pieces.push(hiddenPiece(match[0]));
    from = match.index + match[0].length;
  }
  if (from < source.length || pieces.length === 0) pieces.push({ type: 'text', text: source.slice(from) });
  return pieces;
}

/** The same as one string, for places that draw plain strings. */
export function visibleString(text: string): string {
  if (!hasHidden(text)) return text;
  return textPieces(text)
    .map((piece) => (piece.type === 'text' ? piece.text : piece.shown))
    .join('');
}

function hiddenPiece(character: string): TextPiece {
  const code = character.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code < 0x20)
    return { type: 'hidden', shown: String.fromCodePoint(0x2400 + code), title: `${number} control character` };
  if (code === 0x7f) return { type: 'hidden', shown: '␡', title: `${number} delete` };
  const name = NAMES[code] ?? (code >= 0xe0000 ? 'tag character' : 'invisible character');
  return { type: 'hidden', shown: `⟨${number}⟩`, title: `${number} ${name}` };
}
