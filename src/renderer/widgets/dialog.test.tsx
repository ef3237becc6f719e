import { useRef, useState } from 'react';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Dialog } from './dialog.tsx';

// A machine that is busy draws no frame between two keys.
beforeEach(() => vi.stubGlobal('requestAnimationFrame', () => 0));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Naming({ kept = false }: { readonly kept?: boolean }) {
  const [open, setOpen] = useState(false);
  const [also, setAlso] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button onClick={() => setOpen(true)}>Rename</button>
      <input aria-label="Elsewhere" />
      {(open || kept) && (
        <Dialog open={open} onClose={() => setOpen(false)} title="Name it" initialFocus={field}>
          <input ref={field} aria-label="Name" />
          <button
            onClick={() => {
              setOpen(false);
              setAlso(true);
            }}
          >
            Go on
          </button>
        </Dialog>
      )}
      {also && (
        <Dialog open onClose={() => setAlso(false)} title="Sure">
          <p>Nothing to type here.</p>
        </Dialog>
      )}
    </>
  );
}

function opened(kept?: boolean): HTMLElement {
  render(<Naming kept={kept} />);
  const opener = screen.getByRole('button', { name: 'Rename' });
  opener.focus();
  fireEvent.click(opener);
  return opener;
}

test.each([true, false])(
  'the field has the focus before a frame is drawn, and gives it back (kept: %s)',
  async (kept) => {
    const opener = opened(kept);
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    await Promise.resolve();
    expect(document.activeElement).toBe(opener);
  },
);

test('what took the focus meanwhile keeps it', async () => {
  opened();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  screen.getByLabelText('Elsewhere').focus();
  await Promise.resolve();
  expect(document.activeElement).toBe(screen.getByLabelText('Elsewhere'));
});

test('a dialog that follows another one has the focus itself, and returns it to before both', async () => {
  const opener = opened();
  screen.getByRole('button', { name: 'Go on' }).focus();
  fireEvent.click(screen.getByRole('button', { name: 'Go on' }));
  await Promise.resolve();
  expect(document.activeElement).toBe(screen.getByRole('dialog', { name: 'Sure' }));
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await Promise.resolve();
  expect(document.activeElement).toBe(opener);
});
