/**
 * The document in which charts are built and never shown: the page's own, or linkedom's where there is none. It is asked for at import, and only
 * there, so that a page never loads linkedom and functions stay synchronous.
 * @module
 */
export const drawingDocument: Document =
  typeof document === 'undefined'
    ? (await import('linkedom/worker')).parseHTML('<!doctype html><html><body></body></html>').document
    : document;
