/** Text: words, vectorizers into sparse matrices, naive Bayes. @module */
export type { AnalyzerOptions } from './analyzer.ts';
export type { NaiveBayesFitOptions, NaiveBayesPartialFitOptions } from './classCounts.ts';
export { ComplementNaiveBayes, ComplementNaiveBayesModel, type ComplementNaiveBayesOptions } from './complementNaiveBayes.ts';
export type { Documents } from './countTerms.ts';
export { CountVectorizer, CountVectorizerModel, type CountVectorizerOptions, type FittedDocuments } from './countVectorizer.ts';
export { HashingVectorizer, type HashingVectorizerOptions } from './hashingVectorizer.ts';
export { MultinomialNaiveBayes, MultinomialNaiveBayesModel, type MultinomialNaiveBayesOptions } from './multinomialNaiveBayes.ts';
export { murmur3 } from './murmur3.ts';
export { NaiveBayesModel } from './naiveBayesModel.ts';
export { TfidfVectorizer, TfidfVectorizerModel, type TfidfVectorizerOptions } from './tfidfVectorizer.ts';
export { tokenize } from './tokenize.ts';
export type { VocabularyOptions } from './vocabulary.ts';
export type { RowNorm } from './weighting.ts';
