/** By what is an input the same? Words and their order: not how they were wrapped, nor how accents were composed. */
import { createHash } from 'node:crypto';

/** 32 bytes: SHA-256 of the text in NFC, runs of white space as one blank, none at either end. */
export function inputHash(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()).digest();
}
