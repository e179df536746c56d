import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { Repair } from './repair.ts';

/** What names a place: a number in TNTP files, a text in most others. 7 and '7' are different places. */
export type PlaceId = number | string;

/** A point of the network. */
export interface Place {
  id: PlaceId;
  /** Position, in the unit of the source: longitude and latitude in degrees where `City.coordinates` is `'degrees'`. */
  x?: number;
  y?: number;
  name?: string;
  /** What else is known of the place, e.g. `{ population: 304564 }`. */
  attributes?: Readonly<Record<string, number>>;
}

/** A directed road from one place to another. Extra numeric columns of a file are kept in `attributes`. */
export interface Link {
  from: PlaceId;
  to: PlaceId;
  /** Vehicles per hour (or per day, as the source has it); absent where it was never observed. */
  traffic?: number;
  /** Length; kilometres unless the source has another unit. */
  distance: number;
  /** What one pays to pass at `traffic`: generalised cost (time, toll, length), in minutes unless the source has another unit. */
  cost: number;
  /** Vehicles per hour at which the link is full. */
  capacity?: number;
  /** Time to pass the empty link. */
  freeFlowTime?: number;
  /** Parameters of the BPR function: time = freeFlowTime (1 + b (traffic / capacity)^power). */
  b?: number;
  power?: number;
  speed?: number;
  toll?: number;
  /** Class of the road, as the source numbers it. */
  type?: number;
  attributes?: Readonly<Record<string, number>>;
}

/** A city network: places, the roads between them and the trips that people make. */
export interface City {
  name?: string;
  /** Places where trips start and end, in the order of the rows and columns of `trips`. */
  zones: readonly Place[];
  /** Places that are no zones: road junctions. */
  junctions?: readonly Place[];
  links: readonly Link[];
  /** Zones x zones: entry (i, j) is the number of trips from zone i to zone j. What is stored was observed (a stored 0 is an observed 0); the rest is unknown. */
  trips?: CsrMatrix;
  /** What x and y of the places are. @default 'plane' */
  coordinates?: 'plane' | 'degrees';
  /** Zones that no path may pass through (TNTP: nodes below FIRST THRU NODE). */
  noThrough?: ReadonlySet<PlaceId>;
  /** Whether traffic is vehicles of one hour, which GEH needs. @default false */
  hourly?: boolean;
  /** What was wrong in the source and how it was mended. */
  repairs?: readonly Repair[];
}
