/**
 * The one place where the command meets `spinifex/city`, which is loaded when it is needed.
 * @module
 */
import { basename, extname } from 'node:path';
import type { City, PlaceId } from '../city/city.ts';
import type { CityReport } from '../city/cityReport.ts';
import type { readRoutes, readTntp } from '../city/index.ts';
import type { Step } from './command.ts';
import { DataError } from './errors.ts';
import { inputName } from './readInput.ts';
import { located } from './tables.ts';

/** A text and the file that it comes from. */
export interface Source {
  file: string;
  text: string;
}

/** How TNTP files are to be read. */
export interface TntpFlags {
  tollFactor?: number;
  distanceFactor?: number;
  hourly?: boolean;
  strict?: boolean;
  mismatch?: 'refuse' | 'repair';
}

/** Where a city comes from. */
export type CitySource =
  | { kind: 'synthetic'; zones?: number; seed: number }
  | { kind: 'tntp'; net: Source; trips?: Source; flow?: Source; node?: Source; places?: Source; options: TntpFlags }
  | { kind: 'routes'; links: Source; columns?: Record<string, string>; places?: Source };

/** A route to predict, or all routes to a destination. */
export type UnknownRoute = PlaceId | { origin: PlaceId; destination: PlaceId };

/** What every long piece of work takes. */
interface Run {
  signal: AbortSignal;
  onProgress: (step: Step) => void;
}

/** What the pipeline is to do. */
export interface ReportOptions {
  seed: number;
  unknown?: readonly UnknownRoute[];
  evaluate: boolean;
  evaluationSeeds: readonly number[];
}

/** The functions of `spinifex/city` that the command uses. */
export interface CityLibrary {
  makeCity(source: CitySource, run: Run): City;
  report(city: City, options: ReportOptions, run: Run): CityReport;
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
      const city = source.kind === 'tntp' ? tntpCity(source, readTntp) : routesCity(source, readRoutes);
      const { places } = source;
      if (!places) return city;
      return located(places.file, places.text, (text) => withPlaces(city, readPlaces(text, { source: inputName(places.file) })));
    },
    report: (city, options, run) => cityPipeline(city, { ...options, ...run }),
    page: cityReportPage,
  };
}

type Tntp = Extract<CitySource, { kind: 'tntp' }>;
type Routes = Extract<CitySource, { kind: 'routes' }>;

function tntpCity(source: Tntp, read: typeof readTntp): City {
  const texts = { net: source.net.text } as Parameters<typeof readTntp>[0];
  for (const name of ['trips', 'flow', 'node'] as const) if (source[name]) texts[name] = source[name].text;
  try {
    return read(texts, source.options);
  } catch (error) {
    // The library calls the files by what they hold.
    const { source: which, message } = error as Error & { source?: 'net' | 'trips' | 'flow' | 'node' };
    const file = inputName((which && source[which])?.file ?? source.net.file);
    const rest = which && message.startsWith(which) ? message.slice(which.length) : `: ${message}`;
    throw new DataError(`${file}${rest}`, { cause: error });
  }
}

function routesCity({ links, columns }: Routes, read: typeof readRoutes): City {
  const source = inputName(links.file);
  return located(links.file, links.text, (text) => read(text, columns, { source, name: basename(source, extname(source)) }));
}
