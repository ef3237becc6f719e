/** Annotated spans over the flame chart: a count at the beginning of the box that shows the span. */
import { useMemo } from 'react';
import { NoteCount } from '../../../../charts/note-pin.tsx';
import type { AnnotationRow } from '#shared/annotation.ts';
import { levelOf } from '../../../../charts/flame/boxes.ts';
import { useAnnotationMarks } from '../../annotations/annotation-marks.ts';
import { noteMark } from '../../annotations/note-marks.ts';
import type { TimeRange } from '../../model/span-table.ts';
import type { FlameScene } from './scene.ts';

const MOST = 300;

type Props = {
  readonly scene: FlameScene;
  readonly range: TimeRange;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  /** Pixels of one level. */
  readonly level: number;
};

export function FlameNotes({ scene, range, width, height, scrollTop, level }: Props) {
  const marks = useAnnotationMarks((state) => state.marks);
  const places = useMemo(() => {
    // One box may stand for several spans.
    const byBox = new Map<number, AnnotationRow[]>();
    for (const [spanId, rows] of [...marks].slice(0, MOST)) {
      const owner = scene.ownerOf(scene.table.rowOf(spanId));
      const box = owner < 0 ? -1 : (scene.boxes.boxOf[owner] ?? -1);
      if (box >= 0) byBox.set(box, [...(byBox.get(box) ?? []), ...rows]);
    }
    return [...byBox].map(([box, rows]) => ({ box, mark: noteMark(rows), at: levelOf(scene.boxes, box) }));
  }, [marks, scene]);
  return places.map(({ box, mark, at }) => {
    const [from, to] = [scene.boxes.from[box] ?? 0, scene.boxes.to[box] ?? 0];
    if (to < range.from || from > range.to) return null;
    const left = Math.max(0, ((from - range.from) / (range.to - range.from)) * width);
    const top = at * level - scrollTop;
    if (top < -level || top > height) return null;
    return <NoteCount key={box} mark={mark} style={{ left, top: top + 1, pointerEvents: 'none' }} />;
  });
}
