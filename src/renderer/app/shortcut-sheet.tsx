import type { Command } from '../commands/registry.ts';
import { useCommands } from '../commands/registry.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { Kbd } from '../widgets/kbd.tsx';
import { showOverlay, useOverlay } from './app-commands.ts';
import styles from './shortcut-sheet.module.css';

/** Keys that lists and trees handle themselves, the same everywhere. */
const IN_LISTS: readonly (readonly [title: string, keys: readonly string[]])[] = [
  ['Move', ['arrowup', 'arrowdown']],
  ['First, last', ['home', 'end']],
  ['A page up, down', ['pageup', 'pagedown']],
  ['Open', ['enter']],
  ['Select, also with Shift and arrows', ['space']],
  ['Open or close a branch', ['arrowright', 'arrowleft']],
  ['Clear, close', ['escape']],
];

export function ShortcutSheet() {
  const open = useOverlay((state) => state.overlay === 'shortcuts');
  const commands = useCommands();
  return (
    <Dialog open={open} onClose={() => showOverlay(null)} title="Keyboard shortcuts" size="large">
      <div className={styles.groups}>
        {grouped(commands).map(([group, members]) => (
          <section key={group} className={styles.group}>
            <h3>{group}</h3>
            {members.map((command) => (
              <div key={command.id} className={styles.row}>
                <span>{command.title.replace(/…$/, '')}</span>
                <Kbd keys={command.keys ?? ''} />
              </div>
            ))}
          </section>
        ))}
        <section className={styles.group}>
          <h3>In lists and trees</h3>
          {IN_LISTS.map(([title, keys]) => (
            <div key={title} className={styles.row}>
              <span>{title}</span>
              <span className={styles.keys}>
                {keys.map((key) => (
                  <Kbd key={key} keys={key} />
                ))}
              </span>
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  );
}

function grouped(commands: readonly Command[]): readonly (readonly [string, readonly Command[]])[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    if (command.keys === undefined) continue;
    const members = groups.get(command.group);
    if (members) members.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups];
}
