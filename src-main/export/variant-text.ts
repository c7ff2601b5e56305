/** The text of one variant of a segment, as every writer needs it. */

import { VeerError } from '../contract/errors.ts';
import type { Segment } from '../contract/result.ts';

/** @throws VeerError INTERNAL when the segment lacks the variant, which a valid result never does. */
export function variantText(segment: Segment, variantIndex: number): string {
  const variant = segment.variants[variantIndex];
  if (variant === undefined) {
    throw new VeerError('INTERNAL', `Segment ${segment.index} has no variant ${variantIndex}.`);
  }
  return variant.text.trim();
}

/** The same on one line. */
export function variantLine(segment: Segment, variantIndex: number): string {
  return lineOf(variantText(segment, variantIndex));
}

/** A text on one line: white space collapsed, control characters left out. */
export function lineOf(text: string): string {
  return text
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}
