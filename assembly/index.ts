export { heapBase } from './heap';
export {
  axpy, dot, dotWeighted, multiply, norm1, norm2, normMax, proximalStep, scale, shift, softThreshold, sum,
} from './vector';
export {
  denseCombineF32, denseCombineF64, denseDotsF32, denseDotsF64, denseDotsPairF32, denseDotsPairF64, denseEpochF32, denseEpochF64,
  denseFromRowsF32, denseFromRowsF64, denseMomentsF32, denseMomentsF64, denseMultiplyF32, denseMultiplyF64, densePackF32, densePackF64,
} from './dense';
export { denseGramF32, denseGramF64, syrkF32, syrkF64 } from './gram';
export {
  cscCombineF32, cscCombineF64, cscCount, cscDotsF32, cscDotsF64, cscDotsPairF32, cscDotsPairF64, cscEpochF32, cscEpochF64,
  cscMomentsF32, cscMomentsF64, cscPackF32, cscPackF64, cscScatterF32, cscScatterF64, csrMatvecF32, csrMatvecF64, csrMultiplyF32,
  csrMultiplyF64, csrRmatvecF32, csrRmatvecF64,
} from './sparse';
export {
  choleskyAppend, choleskyBackward, choleskyDelete, choleskyFactor, choleskyForward, choleskySolve, gramEpoch,
} from './factor';
export { blockEpoch, softmaxDerivatives, softmaxGap } from './block';
export { lossDerivatives, lossGap } from './loss';
export { screen } from './screen';
export { exp, expVector, log, log1p, log1pVector, logVector } from './math';
export { randomNormal, randomUniform } from './random';
export {
  addRowsF32, addRowsF64, affineF32, affineF64, affineGradientF32, affineGradientF64, rectifyF32, rectifyF64, sparseAffineF32,
  sparseAffineF64, sparseGradientF32, sparseGradientF64, transposeF32, transposeF64,
} from './product';
export {
  eventGradientF32, eventGradientF64, leakBackwardF32, leakBackwardF64, lifBackwardF32, lifBackwardF64, lifForwardF32, lifForwardF64,
  spreadF32, spreadF64,
} from './layer';
export { softmaxLossF32, softmaxLossF64 } from './softmax';
export {
  adamF32, adamF64, dropConnectionsF32, dropConnectionsF64, groupStepF32, groupStepF64, momentumF32, momentumF64, multiplyByF32,
  multiplyByF64,
} from './optimize';
export {
  addCurrentF32, addCurrentF64, decayF32, decayF64, foldReceptorF32, foldReceptorF64, izhikevichStepF32, izhikevichStepF64, liftTinyF32,
  liftTinyF64, lifStepF32, lifStepF64, sampleStateF32, sampleStateF64,
} from './neuron';
export {
  bernoulliRows, bernoulliSpikes, poissonInputF32, poissonInputF64, propagateF32, propagateF64, randomIntegers, stdpArriveF32, stdpArriveF64,
  stdpFireF32, stdpFireF64,
} from './synapse';
export { tallGramF32, tallGramF64 } from './tall';
export { alternateF32, alternateF64 } from './alternate';
export { alternateCgF32, alternateCgF64, factorResidualsF32, factorResidualsF64 } from './alternateCg';
export { entryLossF32, entryLossF64, entryProductsF32, entryProductsF64, ridgePenaltyF32, ridgePenaltyF64 } from './factorLoss';
export { rankOneAddF32, rankOneAddF64, rankOneUpdateF32, rankOneUpdateF64 } from './rankOne';
export { symmetricEigen } from './eigen';
export {
  edgeCountF32, edgeCountF64, edgeCountUnit, edgeScatterF32, edgeScatterF64, edgeScatterUnit, gaussSeidelF32, gaussSeidelF64,
  gaussSeidelUnit, pageRankOrder, pageRankResidualF32, pageRankResidualF64, pageRankResidualUnit, pageRankScores, weightRangeF32,
  weightRangeF64,
} from './graph';
export {
  centredGramF32, centredGramF64, centredProductsF32, centredProductsF64, copyRows, rowMomentsF32, rowMomentsF64, shiftRows, sliceGramF32,
  sliceGramF64, sliceScatterF32, sliceScatterF64, tallMultiply,
} from './operator';
export {
  centreDistances, centreSums, gaussianDistances, gaussianScatter, halfSeparations, hamerlyStep, logSumExpRows,
} from './cluster';
export { svmPassF32, svmPassF64 } from './dualSvm';
export { ftrlRows } from './online';
