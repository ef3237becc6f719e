/** The question and the answer of a trace as people compare them: in full, and without what else a grader is given. */
import { readDetectorContents } from '../../store/detector-contents.ts';
import type { Reader } from '../../store/database.ts';
import { arcsOf, loadAt, locate } from '../api/load-trace.ts';
import { findAnswer, findQuestion } from './answer.ts';
import { createSubjectTexts } from './subject-texts.ts';

/** Characters of each. */
const LONGEST = 8_000_000;

/** Throws an AppFailure of `not_found`. */
export function questionAndAnswer(
  reader: Reader,
  address: string,
): { readonly question: string; readonly answer: string } {
  const loaded = loadAt(reader, address, locate(reader, address));
  const { scene, arcs } = arcsOf(loaded, false);
  const contents = readDetectorContents(reader, loaded.traceKeys);
  const texts = createSubjectTexts(contents, loaded.spans.length, LONGEST);
  return { question: findQuestion(scene, texts), answer: findAnswer(scene, arcs, texts) };
}
