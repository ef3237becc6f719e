import { expect, test } from 'vitest';
import { DETECTOR_IDS } from '#shared/detect.ts';
import { DETECTORS } from './registry.ts';

test('what others may name are the detectors that there are', () => {
  expect(DETECTOR_IDS).toEqual(DETECTORS.map(({ id }) => id));
});
