/** A simulated user speaks as often as who serves it. */
export function isPerson(agent: string): boolean {
  return /^(?:user|human|customer|simulated[ _-]?user|user[ _-]?proxy)$/i.test(agent);
}
