import { expect, test } from 'vitest';
import { dataUrl, mediaIn, soundType, wavOf } from './media-kind.ts';

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}

test('sounds are told by their first bytes', () => {
  expect(soundType(wavOf(new Uint8Array(8)))).toBe('audio/wav');
  expect(soundType(bytes('OggS....'))).toBe('audio/ogg');
  expect(soundType(bytes('ID3\x04'))).toBe('audio/mpeg');
  expect(soundType(bytes('\xff\xfb\x90'))).toBe('audio/mpeg');
  expect(soundType(bytes('<html>'))).toBeNull();
  expect(soundType(new Uint8Array(0))).toBeNull();
});

test('data URLs', () => {
  expect(dataUrl('data:image/png;base64,AAAA')).toEqual({ mimeType: 'image/png', modality: 'image', base64: 'AAAA' });
  expect(dataUrl('data:audio/wav;codecs=1;base64,BBBB')).toMatchObject({ modality: 'audio', base64: 'BBBB' });
  expect(dataUrl('data:;base64,AA')).toMatchObject({ mimeType: null, modality: 'file' });
  expect(dataUrl('data:text/html,<p>')).toBeNull();
  expect(dataUrl('https://example.com/data:image/png;base64,AAAA')).toBeNull();
});

test('media inside JSON: what model APIs write, and nothing else', () => {
  const data = 'iVBORw0KGgo'.repeat(20);
  const found = mediaIn({
    a: [{ type: 'image_url', image_url: { url: `data:image/jpeg;base64,${data}` } }],
    b: { source: { type: 'base64', media_type: 'image/png', data } },
    c: { b64_json: data },
    d: { data: 'a sentence that is long enough to be looked at, and is no base64 at all', mime_type: 'text/plain' },
    e: { data },
  });
  expect(found.map(({ mimeType, modality }) => [mimeType, modality])).toEqual([
    ['image/jpeg', 'image'],
    ['image/png', 'image'],
    [null, 'image'],
  ]);
  const many = Array.from({ length: 100_000 }, () => ({ data: `data:image/png;base64,${data}` }));
  expect(mediaIn(many)).toHaveLength(12);
});
