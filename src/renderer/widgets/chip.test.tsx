import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { agentColour } from '../theme/agent-colour.ts';
import { AgentChip } from './chip.tsx';

test('an agent’s name cannot turn the text around, and keeps its colour', () => {
  const name = 'Clerk\u202eevil';
  const { container } = render(<AgentChip name={name} />);
  const chip = screen.getByTitle('Clerk⟨U+202E⟩evil');
  expect(chip.textContent).toBe('Clerk⟨U+202E⟩evil');
  expect(container.innerHTML).toContain(agentColour(name).solid);
});
