/** The facts of many texts, each once, and what is said around them. */
import type { Voice } from '#shared/answers.ts';
import type { Fact } from './facts.ts';
import { extractFacts, isStrong } from './facts.ts';
import type { ReadPiece, TraceTexts } from './trace-texts.ts';
import { wordsOf } from './word-stream.ts';

/** One content that somebody had. */
export type Holding = {
  readonly key: number;
  readonly span: number;
  readonly side: 'input' | 'output' | 'error';
  readonly item: number;
  readonly moment: number;
};

export type Stated = {
  readonly fact: Fact;
  readonly piece: ReadPiece;
  readonly holding: Holding;
  readonly voice: Voice;
  /** Who had it wrote it, or said it again, in a message of its own. */
  readonly own: boolean;
  /** The first place of all in order of time. */
  readonly order: number;
};

export type FactSet = {
  readonly facts: readonly Stated[];
  /** By kind and value. */
  readonly byKey: ReadonlyMap<string, readonly Stated[]>;
  /** What facts may stand in, in order of time, each content once. */
  readonly pieces: readonly { readonly piece: ReadPiece; readonly holding: Holding; readonly voice: Voice }[];
  readonly keys: ReadonlySet<number>;
  /** False when there was more than is looked at. */
  readonly complete: boolean;
};

/** Of one piece, and of all; and characters in all. */
const PIECE_FACTS = 600;
const MOST_FACTS = 6_000;
const MOST_TEXT = 4_000_000;

export function collectFacts(
  holdings: readonly Holding[],
  texts: TraceTexts,
  voiceOf: (holding: Holding, type: ReadPiece['type']) => Voice,
): FactSet {
  const byKey = new Map<string, Stated[]>();
  const facts: Stated[] = [];
  const pieces: { piece: ReadPiece; holding: Holding; voice: Voice }[] = [];
  const keys = new Set<number>();
  let read = 0;
  let complete = true;
  for (const holding of holdings) {
    if (keys.has(holding.key)) continue;
    keys.add(holding.key);
    for (const piece of texts.read(holding.key).pieces) {
      const voice = voiceOf(holding, piece.type);
      if (read + piece.text.length > MOST_TEXT || facts.length >= MOST_FACTS) {
        complete = false;
        break;
      }
      read += piece.text.length;
      pieces.push({ piece, holding, voice });
      const own = holding.side === 'output' && voice === 'agent' && piece.type !== 'reasoning';
      for (const fact of distinct(factsOfPiece(piece))) {
        // Who tells of something says "only" and "until" as well.
        if (fact.kind === 'constraint' && voice !== 'user' && !isStrong(piece.text.slice(fact.start, fact.end)))
          continue;
        const key = factKey(fact);
        const list = byKey.get(key);
        const known = list?.findIndex((each) => sameUnit(each.fact, fact)) ?? -1;
        if (list && known >= 0) {
          const before = list[known];
          // What the user asked, or the agent said again itself, is more than what it once read.
          if (before && ((own && !before.own) || (voice === 'user' && before.voice !== 'user'))) {
            const stronger = { ...before, own: before.own || own, voice: voice === 'user' ? voice : before.voice };
            list[known] = stronger;
            facts[before.order] = stronger;
          }
          continue;
        }
        const stated = { fact, piece, holding, voice, own, order: facts.length };
        facts.push(stated);
        if (list) list.push(stated);
        else byKey.set(key, [stated]);
      }
    }
  }
  return { facts, byKey, pieces, keys, complete };
}

export function factKey({ kind, key }: Fact): string {
  return `${kind} ${key}`;
}

/** "300" may be "$300"; "300 km" is not. */
export function sameUnit(a: Fact, b: Fact): boolean {
  return a.unit === b.unit || a.unit === '' || b.unit === '';
}

function factsOfPiece(piece: ReadPiece): Fact[] {
  // The name of a tool is how it was asked, not what.
  const from = piece.type === 'tool_call' ? piece.text.indexOf('\n') + 1 : 0;
  const found = extractFacts(from === 0 ? piece.text : piece.text.slice(from), PIECE_FACTS);
  return from === 0 ? found : found.map((fact) => ({ ...fact, start: fact.start + from, end: fact.end + from }));
}

/** Without quotations that only put another fact in quotes. */
function distinct(facts: readonly Fact[]): Fact[] {
  const others = new Set(
    facts.filter(({ kind }) => kind !== 'quote' && kind !== 'constraint').map(({ start, end }) => `${start} ${end}`),
  );
  return facts.filter(({ kind, start, end }) => kind !== 'quote' || !others.has(`${start} ${end}`));
}

const AROUND = 80;
const EMPTY_WORDS = new Set(
  'the a an and or of to in on at for is are was be it this that with by from as i you we he she they my your our me us not do'.split(
    ' ',
  ),
);

/** The words near a fact in its line, as stems; of `field: value`, those of the field. */
export function contextOf(text: string, { start, end }: Pick<Fact, 'start' | 'end'>): ReadonlySet<string> {
  const line =
    text
      .slice(Math.max(0, start - AROUND), start)
      .split('\n')
      .at(-1) ?? '';
  const rest = text.slice(end, end + AROUND / 2).split('\n', 1)[0] ?? '';
  return stemsOf(`${line} ${rest}`);
}

export function stemsOf(text: string): ReadonlySet<string> {
  const stems = new Set<string>();
  for (const word of wordsOf(text).trim().split(' '))
    if (word !== '' && !EMPTY_WORDS.has(word) && !/^\p{N}/u.test(word)) stems.add(word.slice(0, 6));
  return stems;
}

export function shareOf(wanted: ReadonlySet<string>, found: ReadonlySet<string>): { shared: number; share: number } {
  let shared = 0;
  for (const stem of wanted) if (found.has(stem)) shared++;
  return { shared, share: wanted.size === 0 ? 0 : shared / wanted.size };
}

const SENTENCE = /[^\n.!?;。！？；]{8,600}(?:[.](?=[\p{L}\p{N}])[^\n.!?;。！？；]{1,200}){0,6}/gu;

/** At most `most`. */
export function sentencesOf(text: string, most: number): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const { 0: said, index } of text.matchAll(SENTENCE)) {
    if (found.length >= most) break;
    const start = index + said.length - said.trimStart().length;
    found.push({ start, end: index + said.trimEnd().length });
  }
  return found;
}
