/** First byte that no static data uses: the arena starts here. */
export function heapBase(): usize {
  return __heap_base;
}
