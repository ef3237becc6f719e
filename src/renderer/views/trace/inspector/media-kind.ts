/** What inline media of a trace claims to be, by its first bytes: a declared type is not trusted. */

const SOUNDS: readonly { readonly type: string; readonly is: (head: string) => boolean }[] = [
  { type: 'audio/wav', is: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WAVE' },
  { type: 'audio/ogg', is: (head) => head.startsWith('OggS') },
  { type: 'audio/flac', is: (head) => head.startsWith('fLaC') },
  { type: 'audio/mp4', is: (head) => head.slice(4, 8) === 'ftyp' },
  { type: 'audio/webm', is: (head) => head.startsWith('\x1a\x45\xdf\xa3') },
  { type: 'audio/mpeg', is: (head) => head.startsWith('ID3') || /^\xff[\xe2-\xff]/.test(head) },
];

/** Null when the bytes are no sound that a browser plays. */
export function soundType(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return SOUNDS.find(({ is }) => is(head))?.type ?? null;
}

/** What the OpenAI speech APIs call PCM: 16 bits, little-endian, one channel. */
const PCM_RATE = 24_000;

/** Raw samples as a WAV file (RIFF, 44 bytes of header), so that they can be played. */
export function wavOf(samples: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(44 + samples.length);
  const view = new DataView(file.buffer);
  const ascii = (at: number, text: string): void => {
    for (let index = 0; index < text.length; index++) file[at + index] = text.charCodeAt(index);
  };
  ascii(0, 'RIFF');
  view.setUint32(4, 36 + samples.length, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, PCM_RATE, true);
  view.setUint32(28, PCM_RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, samples.length, true);
  file.set(samples, 44);
  return file;
}

export function isPcm(mimeType: string | null): boolean {
  return mimeType !== null && /^audio\/(?:x-)?(?:pcm|pcm16|l16)\b/i.test(mimeType);
}

export function isTextual(mimeType: string | null): boolean {
  return mimeType !== null && /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript|sql|csv)\b)/i.test(mimeType);
}

export type Inline = { readonly mimeType: string | null; readonly modality: string; readonly base64: string };

/** The parts of a `data:` URL with base64 content (RFC 2397); null for any other text. */
export function dataUrl(text: string): Inline | null {
  const match = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[^;,]{0,100})*;base64,/i.exec(text.slice(0, 400));
  if (!match) return null;
  const mimeType = match[1]?.toLowerCase() ?? null;
  return { mimeType, modality: mimeType?.split('/')[0] ?? 'file', base64: text.slice(match[0].length) };
}

const MOST_FOUND = 12;
const MOST_LOOKS = 5_000;
const SHORTEST = 64;
const DATA_KEYS = ['data', 'b64_json', 'base64', 'image_base64', 'bytes'] as const;
const TYPE_KEYS = ['mime_type', 'mimeType', 'media_type', 'mediaType', 'contentType', 'content_type'] as const;

/** Media inside a JSON value: `data:` URLs, and base64 beside its type, as messages of model APIs hold them. */
export function mediaIn(value: unknown): Inline[] {
  const found: Inline[] = [];
  const todo: unknown[] = [value];
  for (let looks = 0; todo.length > 0 && looks < MOST_LOOKS && found.length < MOST_FOUND; looks++) {
    const next = todo.pop();
    if (typeof next === 'string') {
      const inline = next.startsWith('data:') ? dataUrl(next) : null;
      if (inline) found.push(inline);
    } else if (typeof next === 'object' && next !== null) {
      const typed = Array.isArray(next) ? null : typedData(next as Readonly<Record<string, unknown>>);
      if (typed) found.push(typed);
      else todo.push(...(Object.values(next) as unknown[]).slice(0, MOST_LOOKS).reverse());
    }
  }
  return found;
}

function typedData(holder: Readonly<Record<string, unknown>>): Inline | null {
  const mimeType = TYPE_KEYS.map((key) => holder[key]).find((each) => typeof each === 'string') ?? null;
  const key = DATA_KEYS.find((each) => Object.hasOwn(holder, each));
  const data = key === undefined ? undefined : holder[key];
  if (typeof data !== 'string' || data.length < SHORTEST || data.startsWith('data:')) return null;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(data.slice(0, 200).replace(/\s/g, ''))) return null;
  const known = typeof mimeType === 'string' ? mimeType.slice(0, 100).toLowerCase() : null;
  if (known === null && key !== 'b64_json' && key !== 'image_base64') return null;
  return { mimeType: known, modality: known?.split('/')[0] ?? 'image', base64: data };
}
