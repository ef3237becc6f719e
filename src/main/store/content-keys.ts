/**
 * Packs a list of content keys as zigzag varints of the differences: neighbours in a conversation have neighbouring
 * keys, so a history of sixty messages takes about seventy bytes.
 */
export function packKeys(keys: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let previous = 0;
  for (const key of keys) {
    const delta = key - previous;
    previous = key;
    let value = delta >= 0 ? delta * 2 : -delta * 2 - 1;
    while (value >= 128) {
      bytes.push((value % 128) + 128);
      value = Math.floor(value / 128);
    }
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}

export function unpackKeys(bytes: Uint8Array): number[] {
  const keys: number[] = [];
  let previous = 0;
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte % 128) * scale;
    if (byte >= 128) {
      scale *= 128;
      continue;
    }
    previous += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    keys.push(previous);
    value = 0;
    scale = 1;
  }
  return keys;
}

/**
 * The same from SQLite's hex(): where thousands of short lists are read at once, a text is made in a fifth of the time
 * that a buffer takes.
 */
export function unpackHexKeys(hex: string): number[] {
  const keys: number[] = [];
  let previous = 0;
  let value = 0;
  let scale = 1;
  for (let at = 0; at < hex.length; at += 2) {
    const byte = digit(hex.charCodeAt(at)) * 16 + digit(hex.charCodeAt(at + 1));
    value += (byte % 128) * scale;
    if (byte >= 128) {
      scale *= 128;
      continue;
    }
    previous += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    keys.push(previous);
    value = 0;
    scale = 1;
  }
  return keys;
}

/** Of '0'–'9' or 'A'–'F'. */
function digit(code: number): number {
  return code < 58 ? code - 48 : code - 55;
}
