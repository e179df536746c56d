import { optionsObject, refuse } from '../core/checks.ts';
import { ANALYZER_OPTIONS, Analyzer, type AnalyzerOptions } from './analyzer.ts';

/**
 * The terms of a text, as the vectorizers count them.
 *
 * A word is a longest run of at least two letters, numbers (of any script) and underscores: `/[\p{L}\p{N}_]{2,}/gu` after `toLowerCase()`, which is what
 * `\b\w\w+\b` means in Python; a combining mark ends a word. With `ngramRange` [a, b], sequences of a to b words follow, shorter ones first. Letters are
 * those of the engine's version of Unicode.
 *
 * @throws TypeError, RangeError for a text that is not a string, or wrong options
 * @example
 * tokenize("Don't cross the Brücke!", { ngramRange: [1, 2] });
 * // ['don', 'cross', 'the', 'brücke', 'don cross', 'cross the', 'the brücke']
 */
export function tokenize(text: string, options?: AnalyzerOptions): string[] {
  if (typeof text !== 'string') refuse(text, 'text', 'a string', false);
  return new Analyzer(optionsObject(options, 'tokenize', ANALYZER_OPTIONS)).terms(text);
}
