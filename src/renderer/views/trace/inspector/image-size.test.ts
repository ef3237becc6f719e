import { expect, test } from 'vitest';
import { imageHead } from './image-size.ts';

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAADklEQVR4nGNgwAT/oRgABgAB/7XJ9SEAAAAASUVORK5CYII=';
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const WEBP_LOSSY = 'UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA';

test('sizes of real files', () => {
  expect(imageHead(bytes(PNG))).toEqual({ type: 'image/png', width: 3, height: 2 });
  expect(imageHead(bytes(GIF))).toEqual({ type: 'image/gif', width: 1, height: 1 });
  expect(imageHead(bytes(WEBP_LOSSY))).toEqual({ type: 'image/webp', width: 1, height: 1 });
});

test('a JPEG is measured past its other segments', () => {
  const app0 = [0xff, 0xe0, 0x00, 0x04, 1, 2];
  const frame = [0xff, 0xc2, 0x00, 0x0b, 8, 0x01, 0x00, 0x02, 0x80, 1, 0, 0, 0];
  expect(imageHead(Uint8Array.from([0xff, 0xd8, ...app0, ...frame]))).toEqual({
    type: 'image/jpeg',
    width: 640,
    height: 256,
  });
});

test('what is no image, or cut, or lies about segments, is refused without a crash', () => {
  expect(imageHead(new Uint8Array(0))).toBeNull();
  expect(imageHead(new TextEncoder().encode('<svg onload="alert(1)"/>'))).toBeNull();
  expect(imageHead(bytes(PNG).subarray(0, 20))).toBeNull();
  expect(imageHead(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
  expect(imageHead(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
});
