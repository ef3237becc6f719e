import { expect, test } from 'vitest';
import { indented, newLine, outdented } from './indent.ts';

test('Tab goes to the next stop, Shift+Tab takes one step off the line', () => {
  expect(indented('ab', 1, 1, '    ')).toEqual({ text: 'a   b', caret: 4 });
  expect(indented('x\nab', 2, 4, '  ')).toEqual({ text: 'x\n  ', caret: 4 });
  expect(outdented('x\n   ab', 6, '  ')).toEqual({ text: 'x\n ab', caret: 4 });
  expect(outdented('ab', 1, '  ')).toEqual({ text: 'ab', caret: 1 });
});

test('a new line is as far in as the one before, and further after what opens a block', () => {
  expect(newLine('  a', 3, 3, '  ', 'json')).toEqual({ text: '  a\n  ', caret: 6 });
  expect(newLine('{}', 1, 1, '  ', 'json')).toEqual({ text: '{\n  \n}', caret: 4 });
  expect(newLine('def f():', 8, 8, '    ', 'python')).toEqual({ text: 'def f():\n    ', caret: 13 });
  expect(newLine('', 0, 0, '  ', 'json')).toEqual({ text: '\n', caret: 1 });
});
