/**
 * Full case folding of Unicode, near enough: upper case and back, so that `ß` equals `SS`. It finds all that lower case alone
 * would find. The dotless i keeps apart from i, and both small sigmas are one letter.
 */
export function foldCase(text: string): string {
  // Nearly all texts, and much faster.
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  return text
    .toLowerCase()
    .split('ı')
    .map((part) => part.toUpperCase().toLowerCase().replaceAll('ς', 'σ'))
    .join('ı');
}
