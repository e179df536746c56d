/** A name cut to `most` characters, so that it fits into a margin. */
export function shorten(name: string, most = 14): string {
  const characters = [...name];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : name;
}
