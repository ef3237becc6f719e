/**
 * The one list of what can be done. The native menu, the palette, the shortcut sheet and the key handler all read it;
 * views add theirs while they are mounted.
 */
import { useEffect, useSyncExternalStore } from 'react';
import { normaliseKeys } from './keys.ts';

export type MenuName = 'File' | 'Edit' | 'View' | 'Go' | 'Help';

export type Command = {
  readonly id: string;
  /** An imperative: "Import files…". */
  readonly title: string;
  /** Heading in the palette and the shortcut sheet. */
  readonly group: string;
  /** A shortcut such as 'mod+k', see keys.ts. */
  readonly keys?: string;
  readonly menu?: MenuName;
  /** Absent = always possible. */
  readonly when?: () => boolean;
  readonly run: () => void;
};

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Command[]): void {
  commands = next;
  for (const listener of listeners) listener();
}

/** Adds commands; returns the undo. Throws when an id or a shortcut is taken: that is a bug of whoever adds it. */
export function registerCommands(added: readonly Command[]): () => void {
  const ids = new Set(commands.map((command) => command.id));
  const keys = new Map(
    commands.flatMap((command) => (command.keys === undefined ? [] : [[normaliseKeys(command.keys), command.id]])),
  );
  for (const command of added) {
    if (ids.has(command.id)) throw new Error(`Two commands have the id ${command.id}`);
    ids.add(command.id);
    if (command.keys === undefined) continue;
    const chord = normaliseKeys(command.keys);
    const other = keys.get(chord);
    if (other !== undefined) throw new Error(`${command.id} and ${other} have the same keys: ${command.keys}`);
    keys.set(chord, command.id);
  }
  set([...commands, ...added]);
  return () => set(commands.filter((command) => !added.includes(command)));
}

/** Registers while mounted. `added` must be stable (a constant, or from useMemo). */
export function useRegisterCommands(added: readonly Command[]): void {
  useEffect(() => registerCommands(added), [added]);
}

export function allCommands(): readonly Command[] {
  return commands;
}

export function onCommandsChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useCommands(): readonly Command[] {
  return useSyncExternalStore(onCommandsChange, allCommands);
}

export function isPossible(command: Command): boolean {
  return command.when?.() ?? true;
}

/** False when there is no such command, or it is not possible now. */
export function runCommand(id: string): boolean {
  const command = commands.find((candidate) => candidate.id === id);
  if (!command || !isPossible(command)) return false;
  command.run();
  return true;
}
