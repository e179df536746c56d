/**
 * `spinifex/city`: from raw routes to predictions and a report.
 * @module
 */

export type { City, Link, Place, PlaceId } from './city.ts';
export type * from './cityReport.ts';
export type { Evaluation, MethodScores, Score, Split } from './evaluation.ts';
export type { GuideCheck } from './guideCheck.ts';
export { guideWalk } from './guideWalk.ts';
export { type EvaluateLinksOptions, evaluateLinks, type LinkEvaluation, type LinkMethodScores } from './links/evaluateLinks.ts';
export { type GehOptions, geh, gehShare } from './links/geh.ts';
export { type LeakingAttribute, leakingAttributes } from './links/leakingAttributes.ts';
export { type LinkMethod, type PredictedLink, type PredictLinksOptions, predictLinks } from './links/predictLinks.ts';
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
export { type PlaceOptions, type Places, readPlaces } from './reading/readPlaces.ts';
export { type RouteOptions, type RouteStreamOptions, readRoutes, readRoutesStream } from './reading/readRoutes.ts';
export {
  readTntp,
  readTntpStream,
  type TntpFiles,
  type TntpOptions,
  type TntpStreamOptions,
} from './reading/readTntp.ts';
export type { LinkColumns, PairColumns, RouteColumns } from './reading/routeColumns.ts';
export { withPlaces } from './reading/withPlaces.ts';
export type { Repair } from './repair.ts';
export { cityReportCharts, cityReportPage } from './report/index.ts';
export { type Assignment, type AssignmentOptions, assignTraffic } from './roads/assignTraffic.ts';
export { beckmannObjective } from './roads/beckmannObjective.ts';
export { type CostSkimOptions, costSkim } from './roads/costSkim.ts';
export { flowImbalance } from './roads/flowImbalance.ts';
export { type GeographicPoint, greatCircleDistance } from './roads/greatCircleDistance.ts';
export { type CostFactors, linkCost } from './roads/linkCosts.ts';
export { type ShortestPaths, shortestPaths } from './roads/shortestPaths.ts';
export { zoneDistances } from './roads/zoneDistances.ts';
export { type EvaluateRoutesOptions, evaluateRoutes } from './routes/evaluateRoutes.ts';
export { type PredictRoutesOptions, predictRoutes, type UnknownRoute, type UnknownRoutes } from './routes/predictRoutes.ts';
export { type CityTruth, type SyntheticCity, syntheticCity } from './synthetic/syntheticCity.ts';
export type { MissingPattern, SyntheticCityOptions } from './synthetic/syntheticOptions.ts';
