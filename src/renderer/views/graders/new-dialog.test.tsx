import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { GraderKindInfo } from '#shared/grader.ts';
import { NewDialog } from './new-dialog.tsx';

const KIND: GraderKindInfo = {
  type: 'string_check',
  label: 'String check',
  about: 'Whether a text equals another.',
  group: 'text',
  runs: 'pure',
  schema: {},
  example: { type: 'string_check', name: 'Example' },
};

test('kinds and judges that are ready stand in their groups, and words narrow both', () => {
  const onClose = vi.fn();
  render(<NewDialog kinds={[KIND]} onClose={onClose} />);
  expect(screen.getByRole('region', { name: 'Texts' }).textContent).toContain('String check');
  const judges = screen.getByRole('region', { name: 'A model judges' });
  expect(judges.querySelectorAll('button')).toHaveLength(8);
  fireEvent.change(screen.getByLabelText('Find a kind'), { target: { value: 'goal' } });
  expect(screen.queryByRole('region', { name: 'Texts' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: /Goal success/ }));
  expect(onClose).toHaveBeenCalledOnce();
});
