/**
 * What an inline image claims to be, read from its first bytes: a declared type is not trusted, and a small file can
 * ask for gigabytes of pixels when it is decoded. PNG, JPEG, GIF and WebP; everything else is not drawn.
 */
export type ImageKind = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
export type ImageHead = { readonly type: ImageKind; readonly width: number; readonly height: number };

/** 40 megapixels are 160 MB of memory while shown. */
export const MOST_PIXELS = 40_000_000;

/** Null when the bytes are none of the four, or their size cannot be read. */
export function imageHead(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return bytes.length >= 24 ? { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) } : null;
  }
  if (startsWith(bytes, [0x47, 0x49, 0x46, 0x38])) {
    return bytes.length >= 10
      ? { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
      : null;
  }
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return jpegHead(view);
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && bytes.length >= 30 && ascii(bytes, 8, 4) === 'WEBP')
    return webpHead(bytes, view);
  return null;
}

/** Walks the segments to the frame header (ITU T.81, B.2). */
function jpegHead(view: DataView): ImageHead | null {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const alone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
    at += alone ? 2 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

/** The three chunk kinds of RFC 9649. */
function webpHead(bytes: Uint8Array, view: DataView): ImageHead | null {
  switch (ascii(bytes, 12, 4)) {
    case 'VP8X':
      return { type: 'image/webp', width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
    case 'VP8 ':
      return {
        type: 'image/webp',
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { type: 'image/webp', width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    default:
      return null;
  }
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return bytes.length >= head.length && head.every((byte, index) => bytes[index] === byte);
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
