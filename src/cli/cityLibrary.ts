/**
 * The one place where the command meets `spinifex/city`, which is loaded when it is needed.
 * @module
 */
import type { City, PlaceId } from '../city/city.ts';
import type { CityReport } from '../city/cityReport.ts';
import type { Step } from './command.ts';
import { located } from './tables.ts';

/** A text and the file that it comes from. */
export interface Source {
  file: string;
  text: string;
}

/** Where a city comes from. */
export type CitySource =
  | { kind: 'synthetic'; zones?: number; seed: number }
  | { kind: 'tntp'; net: Source; trips?: Source; flow?: Source; node?: Source; places?: Source }
  | { kind: 'routes'; links: Source; columns?: Record<string, string>; places?: Source };

/** A route to predict, or all routes to a destination. */
export type UnknownRoute = PlaceId | { origin: PlaceId; destination: PlaceId };

/** What every long piece of work takes. */
interface Run {
  signal: AbortSignal;
  onProgress: (step: Step) => void;
}

/** The functions of `spinifex/city` that the command uses. */
export interface CityLibrary {
  makeCity(source: CitySource, run: Run): City;
  report(city: City, options: { seed: number; unknown?: readonly UnknownRoute[]; evaluate: boolean }, run: Run): CityReport;
  page(report: CityReport): string;
}

export async function cityLibrary(): Promise<CityLibrary> {
  const { cityPipeline, cityReportPage, readPlaces, readRoutes, readTntp, syntheticCity, withPlaces } = await import(
    '../city/index.ts'
  );
  return {
    makeCity(source, run) {
      if (source.kind === 'synthetic') {
        const { zones, seed } = source;
        return syntheticCity({ ...run, seed, ...(zones !== undefined && { zones }) });
      }
      const city =
        source.kind === 'tntp'
          ? located(source.net.file, source, ({ net, trips, flow, node }) =>
              readTntp({
                net: net.text,
                ...(trips && { trips: trips.text }),
                ...(flow && { flow: flow.text }),
                ...(node && { node: node.text }),
              }),
            )
          : located(source.links.file, source, ({ links, columns }) => readRoutes(links.text, columns));
      if (!source.places) return city;
      return located(source.places.file, source.places, ({ text }) => withPlaces(city, readPlaces(text)));
    },
    report: (city, options, run) => cityPipeline(city, { ...options, ...run }),
    page: cityReportPage,
  };
}
