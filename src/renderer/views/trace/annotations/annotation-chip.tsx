/** In the head of a trace: how much was said about it, and the button to say more. */
import { MessageSquarePlus, MessageSquareText } from 'lucide-react';
import { useSelection } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { annotateSelected, ANNOTATE_KEY } from './annotate-commands.ts';
import { useAnnotationMarks } from './annotation-marks.ts';
import styles from './annotations.module.css';

export function AnnotationChip() {
  const rows = useAnnotationMarks((state) => state.rows);
  if (rows.length === 0) return null;
  const conflicts = rows.filter(({ conflict }) => conflict).length;
  const count = rows.length === 1 ? '1 annotation' : `${formatCount(rows.length)} annotations`;
  return (
    <button
      type="button"
      className={styles.chip}
      title="Show all of them"
      data-conflict={conflicts > 0 || undefined}
      onClick={() => {
        useSelection.getState().selectEdge(null);
        useSelection.getState().selectSpan(null);
      }}
    >
      <MessageSquareText size={12} aria-hidden />
      {count}
      {conflicts > 0 && `, ${conflicts} in conflict`}
    </button>
  );
}

export function AnnotateButton() {
  return (
    <Button
      icon={<MessageSquarePlus size={14} aria-hidden />}
      title="What is selected, else the whole trace"
      // A press would clear a selected text before the click.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => void annotateSelected()}
    >
      Annotate <Kbd keys={ANNOTATE_KEY} />
    </Button>
  );
}
