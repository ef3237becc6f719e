/** Settings of detectors: each has bounds, so that no value makes a rule hang or say nothing of use. */
import type { DetectorParameter } from '#shared/detect.ts';

/** What a detector states of one parameter; the value is its default. */
export type Parameter = Omit<DetectorParameter, 'standard'>;

export function whole(value: number, least: number, most: number, about: string): Parameter {
  return { value, least, most, whole: true, about };
}

export function amount(value: number, least: number, most: number, about: string): Parameter {
  return { value, least, most, whole: false, about };
}
