import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Markdown, isPlainOnly } from './markdown.tsx';
import { TooltipProvider } from './tooltip.tsx';

afterEach(cleanup);

function draw(text: string): HTMLElement {
  return render(
    <TooltipProvider>
      <Markdown text={text} />
    </TooltipProvider>,
  ).container;
}

test('reads Markdown and tables', () => {
  const page = draw('# Plan\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done');
  expect(page.querySelector('h1')?.textContent).toBe('Plan');
  expect(page.querySelectorAll('td')).toHaveLength(2);
});

test('HTML is text, images are not loaded, links go nowhere', () => {
  const page = draw(
    '<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n![a cat](https://evil.example/track.png)\n\n[click](javascript:alert(1)) <https://a.example>',
  );
  expect(page.querySelectorAll('script, img, a, iframe')).toHaveLength(0);
  expect(page.textContent).toContain('a cat (not loaded)');
  expect(page.textContent).toContain('javascript:alert(1)');
  expect(screen.getAllByRole('button', { name: 'Copy link' })).toHaveLength(2);
});

test('hidden characters are visible', () => {
  expect(draw('safe\u202egpj.exe').textContent).toContain('safe⟨U+202E⟩gpj.exe');
});

test.each([
  ['deep quotes', '> '.repeat(20_000)],
  ['deep lists', '- '.repeat(20_000)],
  ['deep numbered lists', '1. '.repeat(15_000)],
  ['brackets', '['.repeat(50_000)],
  ['images', '!['.repeat(25_000)],
  ['stars', '*'.repeat(50_000)],
  ['stars and letters', '*a_'.repeat(15_000)],
  ['links', '[a]('.repeat(12_000)],
  ['entities', '&amp;'.repeat(12_000)],
  ['backticks', Array.from({ length: 250 }, (_, index) => '`'.repeat(index)).join(' ')],
  ['table', `|${'a|'.repeat(20_000)}`],
  ['definitions', '[a]: b\n'.repeat(7_000)],
  ['autolinks', 'www.'.repeat(12_000)],
  ['mail', 'a@b.c'.repeat(12_000)],
  ['emphasis at every limit', `${'*a_'.repeat(499)}\n\n`.repeat(4)],
  ['mail at every limit', `${'a@b.c '.repeat(990)}\n\n`.repeat(4)],
  ['nested lists', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth * 2)}- x`).join('\n')],
])('%s neither hang nor crash', { timeout: 30_000 }, (_name, text) => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const started = performance.now();
  draw(text);
  expect(performance.now() - started).toBeLessThan(8_000);
  quiet.mockRestore();
});

test('ordinary text is not taken for an attack', () => {
  expect(isPlainOnly('> quote\n> > more\n\n- a\n  - b\n    - c\n\n**bold** [link](x)')).toBe(false);
});
