import { optionsObject } from '../core/checks.ts';
import type { AnalyzerOptions } from './analyzer.ts';

export const RUN_OPTIONS = ['signal', 'onProgress'] as const;

/** The one thing that a saved vectorizer cannot hold. */
export function tokenizerOption(options: Pick<AnalyzerOptions, 'tokenizer'> | undefined): AnalyzerOptions['tokenizer'] {
  return optionsObject(options, 'fromJSON', ['tokenizer']).tokenizer;
}
