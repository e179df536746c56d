/** What a value looks like in an error message, short enough for one line: `"0.1" (string)`, `Float32Array of length 3`. */
export function seen(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'string':
      return `${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)} (string)`;
    case 'boolean':
      return `${value} (boolean)`;
    case 'bigint':
      return `${value}n (bigint)`;
    case 'undefined':
      return 'undefined';
    case 'object':
      return seenObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function seenObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  const name = value.constructor?.name || 'Object';
  if (ArrayBuffer.isView(value) && 'length' in value) return `${name} of length ${value.length}`;
  return name === 'Object' ? 'an object' : `an object (${name})`;
}
