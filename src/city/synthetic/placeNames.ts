import type { Random } from '../../core/random.ts';

const FIRST =
  'Alder Amber Birch Bramble Briar Cedar Clover Copper Dove Elm Falcon Fern Finch Hazel Heron Holly Juniper Kestrel Larch Linden Maple Marigold Oak Otter Plum Poplar Robin Rowan Saffron Sparrow Swan Thistle Willow Wren'.split(
    ' ',
  );
const SECOND = 'Bank Bridge Cross End Ferry Field Gate Green Grove Hill Lane Market Mill Park Side Wharf'.split(' ');
const MORE = ['', 'Upper ', 'Lower ', 'New ', 'Old ', 'North ', 'South ', 'East ', 'West '];

/** Different names for up to 4,896 places, e.g. 'Heron Bridge'; beyond that they carry numbers. */
export function placeNames(count: number, random: Random): string[] {
  const names: string[] = [];
  for (let round = 0; names.length < count; round++) {
    const prefix = MORE[round % MORE.length];
    const suffix = round < MORE.length ? '' : ` ${Math.floor(round / MORE.length) + 1}`;
    const group = FIRST.flatMap((first) => SECOND.map((second) => `${prefix}${first} ${second}${suffix}`));
    names.push(...random.shuffle(group));
  }
  return names.slice(0, count);
}
