import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { TraceLanes } from '#shared/lanes.ts';
import { LanesText } from './lanes-text.tsx';

test('names that turn text around, or never end, are read aloud as what they are', () => {
  const hostile = `\u202egnp.exe${'x'.repeat(500)}`;
  const data = {
    lanes: [{ agent: hostile, stays: 2, times: null }],
    waits: [{ agent: 'Writer', for: hostile, ns: 1_000_000_000 }],
  } as unknown as TraceLanes;
  render(<LanesText data={data} agents={null} />);
  const said = screen.getByTestId('lanes-text').textContent;
  expect(said).toContain('⟨U+202E⟩gnp.exe');
  expect(said).not.toContain('\u202e');
  expect(said.length).toBeLessThan(400);
});
