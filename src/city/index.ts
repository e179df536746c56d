/**
 * `spinifex/city`: from raw routes to predictions and a report.
 * @module
 */
export { type Assignment, type AssignmentOptions, assignTraffic } from './assignTraffic.ts';
export { beckmannObjective } from './beckmannObjective.ts';
export type { City, Link, Place, PlaceId } from './city.ts';
export type * from './cityReport.ts';
export { type CostSkimOptions, costSkim } from './costSkim.ts';
export { type EvaluateLinksOptions, evaluateLinks, type LinkEvaluation, type LinkMethodScores } from './evaluateLinks.ts';
export { type EvaluateRoutesOptions, evaluateRoutes } from './evaluateRoutes.ts';
export type { Evaluation, MethodScores, Score, Split } from './evaluation.ts';
export { flowImbalance } from './flowImbalance.ts';
export { type GehOptions, geh, gehShare } from './geh.ts';
export { type GeographicPoint, greatCircleDistance } from './greatCircleDistance.ts';
export type { GuideCheck } from './guideCheck.ts';
export { guideWalk } from './guideWalk.ts';
export { type LeakingAttribute, leakingAttributes } from './leakingAttributes.ts';
export { type CostFactors, linkCost } from './linkCosts.ts';
export { attributeTable } from './pipeline/attributeTable.ts';
export { type CityPipelineOptions, cityPipeline } from './pipeline/cityPipeline.ts';
export { type AttributeWeights, combineAttributes } from './pipeline/combineAttributes.ts';
export { factorRoutes } from './pipeline/factorRoutes.ts';
export { findDirections } from './pipeline/findDirections.ts';
export { normalizeAttributes } from './pipeline/normalizeAttributes.ts';
export { pruneRoads } from './pipeline/pruneRoads.ts';
export { rankPlaces } from './pipeline/rankPlaces.ts';
export { selectAttributes } from './pipeline/selectAttributes.ts';
export { sparsifyTraffic } from './pipeline/sparsifyTraffic.ts';
export { type SpikeCityOptions, spikeCity } from './pipeline/spikeCity.ts';
export type { PredictedRoute } from './predictedRoute.ts';
export { type LinkMethod, type PredictedLink, type PredictLinksOptions, predictLinks } from './predictLinks.ts';
export { type PredictRoutesOptions, predictRoutes, type UnknownRoute, type UnknownRoutes } from './predictRoutes.ts';
export { type PlaceOptions, type Places, readPlaces } from './readPlaces.ts';
export { type RouteOptions, type RouteStreamOptions, readRoutes, readRoutesStream } from './readRoutes.ts';
export {
  readTntp,
  readTntpStream,
  type TntpFiles,
  type TntpOptions,
  type TntpStreamOptions,
} from './readTntp.ts';
export type { Repair } from './repair.ts';
export { cityReportCharts, cityReportPage } from './report/index.ts';
export type { LinkColumns, PairColumns, RouteColumns } from './routeColumns.ts';
export { type ShortestPaths, shortestPaths } from './shortestPaths.ts';
export { type CityTruth, type SyntheticCity, syntheticCity } from './syntheticCity.ts';
export type { MissingPattern, SyntheticCityOptions } from './syntheticOptions.ts';
export { withPlaces } from './withPlaces.ts';
export { zoneDistances } from './zoneDistances.ts';
