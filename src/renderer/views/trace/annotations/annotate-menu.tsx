/** What a right click on anything of a trace offers: annotating it, with the keys that do the same. */
import { useEffect, useEffectEvent, useMemo, type RefObject } from 'react';
import { Menu } from '@base-ui/react/menu';
import { MessageSquarePlus } from 'lucide-react';
import type { AnnotationPlace } from '#shared/annotation.ts';
import { runCommand } from '../../../commands/registry.ts';
import { useSelection } from '../../../state/selection.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import type { SpanTable } from '../model/span-table.ts';
import { readSelection } from '../origin/read-selection.ts';
import { ANNOTATE_KEY } from './annotate-commands.ts';
import { annotate, openMenu, useAnnotating } from './annotate-store.ts';
import { placesAt } from './pane-places.ts';
import { placeChoices } from './place-choices.ts';
import styles from './annotations.module.css';

type Props = { readonly view: RefObject<HTMLElement | null>; readonly table: SpanTable };

export function AnnotateMenu({ view, table }: Props) {
  const menu = useAnnotating((state) => state.menu);
  const choices = useMemo(() => (menu ? placeChoices(menu.places, table) : []), [menu, table]);
  const listen = useEffectEvent((event: MouseEvent) => {
    // A selected text has a question of its own.
    if (event.defaultPrevented || isField(event.target) || readSelection(document.getSelection())) return;
    const places = placesUnder(event.target, table);
    if (places.length === 0) return;
    event.preventDefault();
    openMenu(event, places);
  });
  useEffect(() => {
    const element = view.current;
    if (!element) return undefined;
    const heard = (event: MouseEvent): void => listen(event);
    element.addEventListener('contextmenu', heard);
    return () => element.removeEventListener('contextmenu', heard);
  }, [view]);
  if (!menu) return null;
  const spanId = choices.flatMap(({ place }) => (place.kind === 'span' ? [place.spanId] : []))[0];
  function close(): void {
    useAnnotating.setState({ menu: null });
  }
  function run(command: string): void {
    if (spanId !== undefined) useSelection.getState().selectSpan(spanId);
    close();
    // After the selection has reached the tree that the command asks.
    requestAnimationFrame(() => runCommand(command));
  }
  return (
    <Menu.Root open onOpenChange={(open) => !open && close()}>
      <Menu.Portal>
        <Menu.Positioner
          anchor={{ getBoundingClientRect: () => new DOMRect(menu.x, menu.y, 1, 1) }}
          side="bottom"
          align="start"
          className={styles.menuPlace}
        >
          <Menu.Popup className={styles.menu} aria-label="Annotate">
            {choices.slice(0, 8).map(({ id, label, place }, at) => (
              <Menu.Item
                key={id}
                className={styles.menuItem}
                onClick={() => {
                  if (place.kind === 'span') useSelection.getState().selectSpan(place.spanId);
                  annotate([place, ...menu.places]);
                }}
              >
                {at === 0 ? <MessageSquarePlus size={13} aria-hidden /> : <span className={styles.menuGap} />}
                <span className={styles.menuText}>Annotate {label.charAt(0).toLowerCase() + label.slice(1)}</span>
                {at === 0 && <Kbd keys={ANNOTATE_KEY} />}
              </Menu.Item>
            ))}
            {spanId !== undefined && (
              <>
                <Menu.Item className={styles.menuItem} onClick={() => run('annotate.blame')}>
                  <span className={styles.menuGap} />
                  <span className={styles.menuText}>Blame its agent</span>
                  <Kbd keys="b" />
                </Menu.Item>
                <Menu.Item className={styles.menuItem} onClick={() => run('annotate.decisive')}>
                  <span className={styles.menuGap} />
                  <span className={styles.menuText}>Mark it as decisive</span>
                  <Kbd keys="shift+d" />
                </Menu.Item>
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** What a pane says of the element, the span that it shows, or the one that a picture is pointed at. */
function placesUnder(target: EventTarget | null, table: SpanTable): readonly AnnotationPlace[] {
  if (!(target instanceof Element)) return [];
  const said = placesAt(target);
  if (said.length > 0) return said;
  const element = target.closest<HTMLElement>('[data-span-id], [data-source-span]');
  const spanId = element?.dataset.spanId ?? element?.dataset.sourceSpan ?? useSelection.getState().hovered;
  return spanId !== null && table.rowOf(spanId) >= 0 ? [{ kind: 'span', spanId }] : [];
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
