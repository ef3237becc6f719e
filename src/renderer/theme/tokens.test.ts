import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map((match) => [
    match[1]!,
    { light: match[2]!, dark: match[3]! },
  ]),
);
const themes = ['light', 'dark'] as const;

function channels(hex: string): [number, number, number] {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [r!, g!, b!];
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [x, y] = [a, b]
    .map((hex) => {
      const [r, g, bl] = channels(hex);
      return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
    })
    .sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

function value(token: string, theme: (typeof themes)[number]): string {
  const pair = tokens.get(token);
  if (!pair) throw new Error(`No token --${token}`);
  return pair[theme];
}

test.each(themes)('text has AA contrast on every surface of the %s theme', (theme) => {
  for (const text of ['n-5', 'n-6', 'n-7']) {
    for (const surface of ['n-0', 'n-1', 'n-2']) {
      expect(contrast(value(text, theme), value(surface, theme)), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  }
  expect(contrast(value('on-accent', theme), value('accent', theme))).toBeGreaterThanOrEqual(4.5);
});

test.each(themes)('accent, status and agent colours have AA contrast on the window of the %s theme', (theme) => {
  const colours = [
    'accent',
    'ok',
    'error',
    'warn',
    'running',
    ...Array.from({ length: 10 }, (_, index) => `agent-${index}`),
  ];
  for (const colour of colours) {
    expect(contrast(value(colour, theme), value('n-0', theme)), colour).toBeGreaterThanOrEqual(4.5);
  }
});

// Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
const VISION: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** OKLab (Ottosson 2020). */
function oklab([r, g, b]: readonly number[]): readonly number[] {
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

test.each(themes)('agent colours of the %s theme stay apart for every kind of colour vision', (theme) => {
  for (const [vision, matrix] of Object.entries(VISION)) {
    const seen = Array.from({ length: 10 }, (_, index) => {
      const rgb = channels(value(`agent-${index}`, theme));
      return oklab(matrix.map((row) => Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]))));
    });
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b < a; b++) {
        const distance = Math.hypot(...seen[a]!.map((part, index) => part - seen[b]![index]!));
        expect(distance, `agent-${a} and agent-${b}, ${vision}`).toBeGreaterThan(0.065);
      }
    }
  }
});
