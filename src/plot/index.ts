/**
 * Pictures of what was found, as SVG text with a text alternative and the numbers behind it (`Chart`). Functions are synchronous, run in Node, browsers and workers,
 * and give the same text everywhere. Colours are CSS variables (`--spinifex-blue`...) with fallbacks that can be read on light and dark.
 * @module
 */
export { accuracyAgainstConnections } from './accuracyAgainstConnections.ts';
export type { Chart } from './chart.ts';
export { type CoefficientPathInput, type CoefficientPathOptions, coefficientPath } from './coefficientPath.ts';
export type { Colour } from './colours.ts';
export {
  type CrossValidationCurveInput,
  type CrossValidationCurveOptions,
  crossValidationCurve,
} from './crossValidationCurve.ts';
export type { ChartOptions } from './drawing.ts';
export { type FactorPlotInput, type FactorPlotOptions, factorPlot } from './factorPlot.ts';
export { type HeatMapOptions, heatMap } from './heatMap.ts';
export { type Interval, type IntervalsOptions, intervals } from './intervals.ts';
export { type L1BallOptions, l1Ball } from './l1Ball.ts';
export { type MapLink, type MapPlace, type NetworkMapOptions, networkMap } from './networkMap.ts';
export { normShapes } from './normShapes.ts';
export { numberText, percentText } from './numberText.ts';
export { type PredictedAgainstObservedOptions, predictedAgainstObserved } from './predictedAgainstObserved.ts';
export { type PrincipalDirectionsOptions, principalDirections } from './principalDirections.ts';
export { type RankBarsOptions, rankBars } from './rankBars.ts';
export { type SpikeRasterOptions, spikeRaster } from './spikeRaster.ts';
export { escapeText } from './svgText.ts';
