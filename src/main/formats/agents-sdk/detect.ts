/** How surely a head is ours. The item marker is enough: no other format writes `"object":"trace"` unescaped. */
const MARKER = /"object"\s{0,8}:\s{0,8}"trace(?:\.span)?"/;
const BODY_START = /^\s{0,64}\{\s{0,64}"data"\s{0,64}:\s{0,64}\[/;
const SPAN_FIELDS = /"span_data"\s{0,8}:\s{0,8}\{/;

export function detectAgentsSdk(head: Uint8Array): number {
  const text = new TextDecoder().decode(head);
  if (!/^\s{0,64}[[{]/.test(text)) return 0;
  const isBody = BODY_START.test(text);
  if (MARKER.test(text)) return isBody ? 0.95 : 0.9;
  if (SPAN_FIELDS.test(text)) return 0.6;
  return isBody ? 0.2 : 0;
}
