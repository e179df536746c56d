import { describe, expect, test } from 'vitest';
import { type PlaceOptions, readPlaces } from '../../src/city/reading/readPlaces.ts';
import { readRoutes } from '../../src/city/reading/readRoutes.ts';
import { withPlaces } from '../../src/city/reading/withPlaces.ts';
import { complaint } from '../io/complaint.ts';

const refusal = (input: string | object, options?: PlaceOptions) => complaint(() => readPlaces(input, options));
const feature = (properties: object, type: string, coordinates: unknown) => ({
  type: 'Feature',
  properties,
  geometry: { type, coordinates },
});
const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });

const square = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];

describe('readPlaces', () => {
  test('reads identifiers, positions, names and numbers of a table', () => {
    const { places, coordinates } = readPlaces(
      'name,county,population,longitude,latitude,note\nAlbany,01,5,-73.5,42.5,x\n,02,,,,\n',
    );
    expect(places).toEqual([{ id: '01', x: -73.5, y: 42.5, name: 'Albany', attributes: { population: 5 } }, { id: '02' }]);
    expect(coordinates).toBe('degrees');
    expect(readPlaces('spot,x,y\nA,1,2\n')).toEqual({ places: [{ id: 'A', x: 1, y: 2 }], coordinates: 'plane' });
    expect(readPlaces('id,e,n\nA,1,2\n', { x: 'e', y: 'n', coordinates: 'degrees' })).toEqual({
      places: [{ id: 'A', x: 1, y: 2 }],
      coordinates: 'degrees',
    });
  });

  test('reads records, whose identifiers keep their kind', () => {
    expect(readPlaces([{ id: 7, x: 1, y: 2 }, { id: '7' }]).places).toEqual([{ id: 7, x: 1, y: 2 }, { id: '7' }]);
  });

  test('reads points of GeoJSON, as text or as an object', () => {
    const geo = collection(
      { ...feature({ name: 'A', population: 5 }, 'Point', [1.5, 2.5, 100]), id: 'a' },
      feature({ id: 3 }, 'Point', [4, 5]),
      { type: 'Feature', properties: { NODE: 9 }, geometry: null },
    );
    const places = [{ id: 'a', x: 1.5, y: 2.5, name: 'A', attributes: { population: 5 } }, { id: 3, x: 4, y: 5 }, { id: 9 }];
    expect(readPlaces(geo)).toEqual({ places, coordinates: 'degrees' });
    expect(readPlaces(` ${JSON.stringify(geo)}`)).toEqual({ places, coordinates: 'degrees' });
    expect(readPlaces(collection(feature({ id: 1 }, 'Point', [5e5, 4e6]))).coordinates).toBe('plane');
  });

  test('puts areas at their centre of gravity, holes taken out, whichever way the rings run', () => {
    const hole = [
      [1, 1],
      [1, 2],
      [3, 2],
      [3, 1],
      [1, 1],
    ];
    const centre = (type: string, coordinates: unknown) => {
      const [{ x, y }] = readPlaces(collection(feature({ id: 1 }, type, coordinates))).places;
      return [x, y];
    };
    expect(centre('Polygon', [square])).toEqual([2, 2]);
    expect(centre('Polygon', [[...square].reverse()])).toEqual([2, 2]);
    // (16 * 2 - 2 * 1.5) / 14
    for (const ring of [hole, [...hole].reverse()]) expect(centre('Polygon', [square, ring])[1]).toBeCloseTo(29 / 14, 12);
    const far = square.map(([x, y]) => [x + 100, y]);
    expect(centre('MultiPolygon', [[square], [[...far].reverse()]])[0]).toBeCloseTo(52, 12);
    expect(centre('Polygon', [[[1, 1], [3, 1], [1, 1], [3, 1]]])).toEqual([2, 1]); // biome-ignore format: a line
  });

  test('says where what is wrong', async () => {
    expect(await refusal('id,longitude,latitude\nA,1,2\nA,3,4\n')).toBe(
      'FileError DUPLICATE: places, line 3, column "id": place "A" is given twice',
    );
    expect(await refusal('id,longitude,latitude\nA,1,north\n')).toBe(
      'FileError NOT_A_NUMBER: places, line 2, column "latitude": expected a number, got "north"',
    );
    expect(await refusal('id,longitude,latitude\nA,42,-173\n')).toBe(
      'FileError BAD_VALUE: places: place "A": expected longitude and latitude in degrees, got 42, -173',
    );
    expect(await refusal('id,x\nA,1\n')).toBe(
      'FileError MISSING_COLUMN: places: no column for y (y, latitude...); there are: "id", "x"',
    );
    expect(await refusal('id,x,y\n')).toBe('FileError EMPTY_FILE: places: expected at least one place, got none');
    expect(await refusal('id,x,y\n,1,2\n')).toBe(
      'FileError BAD_FORMAT: places, line 2, column "id": expected an identifier, got an empty cell',
    );
    expect(await refusal('{"type": "Feat')).toMatch(/^FileError BAD_FORMAT: places: not valid JSON: /);
    expect(await refusal('{"type": "Topology"}')).toBe('FileError BAD_FORMAT: places: GeoJSON: expected a FeatureCollection');
    expect(await refusal(collection(feature({ id: 1 }, 'LineString', square)))).toBe(
      'FileError BAD_FORMAT: places: features[0]: expected a Point, Polygon or MultiPolygon with coordinates, got "LineString"',
    );
    expect(await refusal(collection(feature({ size: 'x' }, 'Point', [1, 2])))).toBe(
      'FileError BAD_FORMAT: places: features[0]: no identifier; it has the properties "size"',
    );
    expect(await refusal(collection(feature({ id: 1 }, 'Point', [1, 2]), feature({ id: 1 }, 'Point', [1, 2])))).toBe(
      'FileError DUPLICATE: places: place "1" is given twice',
    );
  });
});

describe('withPlaces', () => {
  const city = readRoutes('origin,destination,flow\n36001,36003,5\n36003,36001,2\n');

  test('joins by value, else by text, and keeps the identifiers of the city', () => {
    const joined = withPlaces(city, readPlaces([{ id: 36003, x: 1, y: 2 }, { id: '36001', x: 3, y: 4 }])); // biome-ignore format: two places
    expect(joined.zones).toEqual([
      { id: '36001', x: 3, y: 4 },
      { id: '36003', x: 1, y: 2 },
    ]);
    expect(joined.trips).toEqual(city.trips);
    expect(city.zones[0]).toEqual({ id: '36001' });
  });

  test('takes the exact place where two have the same text', () => {
    const two = [{ id: 7, x: 1, y: 1 }, { id: '7', x: 2, y: 2 }, { id: '8', x: 3, y: 3 }]; // biome-ignore format: three places
    const seven = readRoutes([{ origin: '7', destination: '8', flow: 1 }]);
    expect(withPlaces(seven, two).zones.map(({ x }) => x)).toEqual([2, 3, 1]);
  });

  test('places without trips become zones without trips', () => {
    const joined = withPlaces(city, readPlaces('id,x,y\n36005,9,9\n36003,1,2\n36001,3,4\n'));
    expect(joined.zones.map(({ id }) => id)).toEqual(['36001', '36003', '36005']);
    expect([...(joined.trips?.toDense().data ?? [])]).toEqual([0, 5, 0, 2, 0, 0, 0, 0, 0]);
    expect(joined.trips?.nnz).toBe(2);
  });

  test('refuses trips to places that are unknown, by name', async () => {
    expect(await complaint(() => withPlaces(city, readPlaces('id,x,y\n036001,3,4\n36003,1,2\n')))).toBe(
      'SpinifexError UNKNOWN_ID: places: zones of the city are not among the 2 places: "36001" (string)',
    );
  });
});
