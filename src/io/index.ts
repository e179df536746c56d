/**
 * `spinifex/io`: tables and data sets in and out, as text; streams for files larger than a text may be. Nothing here touches a file system.
 * @module
 */
export type { ChunkOptions, Chunks, FileText } from './chunks.ts';
export type { Delimiter } from './csvScanner.ts';
export type { CodedColumn, CsvTable, NumberOptions } from './csvTable.ts';
export { FileError, type FileFault, type FilePlace } from './fileError.ts';
export { type CsvOptions, readCsv } from './readCsv.ts';
export { type CsvStreamOptions, readCsvStream } from './readCsvStream.ts';
export { readSvmlight, readSvmlightStream, type SvmlightOptions, type SvmlightStreamOptions } from './readSvmlight.ts';
export type { SvmlightData } from './svmlightLines.ts';
export { type CsvColumns, writeCsv } from './writeCsv.ts';
export { writeSvmlight } from './writeSvmlight.ts';
