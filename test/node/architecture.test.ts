import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The floors of the house: an import points down, or to its own folder. Files directly in src/ are entry points, above all. */
const floors: Record<string, number> = {
  core: 1,
  backend: 2,
  linear: 3,
  factorization: 4,
  spectral: 4,
  graph: 4,
  spiking: 4,
  text: 4,
  cluster: 4,
  preprocessing: 4,
  selection: 4,
  parallel: 5,
  io: 5,
  plot: 5,
  city: 6,
  cli: 7,
};
const ENTRY = '(entry point)';

/** The one file that imports each package. */
const doors: Record<string, string> = {
  '@assemblyscript/loader': 'src/backend/wasm.ts',
  'd3-dsv': 'src/io/writeCsv.ts',
  '@observablehq/plot': 'src/plot/library.ts',
  'linkedom/worker': 'src/plot/document.ts',
  'd3-delaunay': 'src/city/synthetic/delaunayEdges.ts',
  commander: 'src/cli/program.ts',
  'cli-progress': 'src/cli/progressDisplay.ts',
};

/** What the engine computes its own way, so that two engines may differ in the last bit; sqrt is exact everywhere. */
const transcendental = new Set(
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh tan tanh'.split(' '),
);

const sources = filesUnder('src').filter((file) => !file.endsWith('.generated.ts'));
const kernelSources = filesUnder('assembly');

describe('src', () => {
  test('every import points down, or to its own folder', () => {
    expect(findings(importsThatPointUp)).toEqual([]);
  });

  test('every package that is imported has one file that is its door', () => {
    expect(findings(foreignImports)).toEqual([]);
  });

  test('only the backend names WebAssembly', () => {
    expect(findings(globals('WebAssembly'), outside('src/backend'))).toEqual([]);
  });

  test('nothing reads the clock or unseeded randomness', () => {
    // Reports of progress estimate the time left; nothing else may know the time.
    expect(findings(globals('Date', 'performance', 'crypto'), outside('src/cli', 'src/core/timeLeft'))).toEqual([]);
    expect(findings(mathMembers(new Set(['random'])), outside('src/cli'))).toEqual([]);
  });

  test('transcendentals run inside the kernels, so that results are the same bits on every engine', () => {
    const free = outside('src/backend/js', 'src/cli', 'src/plot', 'src/city/report');
    expect(findings(mathMembers(transcendental), free)).toEqual([]);
    expect(findings(powers, free)).toEqual([]);
  });

  test('the rules above do find what they forbid', () => {
    const bad = parse(
      'src/linear/bad.ts',
      [
        "import { a } from '../spectral/a.ts';",
        "export { b } from '../index.ts';",
        "type C = import('../graph/c.ts').C;",
        "const d = await import('../unknown/d.ts');",
        "import e from '@assemblyscript/loader';",
        "import { f } from '../core/f.ts';",
        "import { g } from './g.ts';",
        'let m: WebAssembly.Memory; Date.now(); x.performance; Math.random(); Math.exp(1); Math.sqrt(2); const { sin } = Math;',
        '2 ** 32; y ** 2; y ** 0.5; "WebAssembly and Math.exp in a string"; // WebAssembly in a comment',
      ].join('\n'),
    );
    expect(importsThatPointUp(bad)).toHaveLength(4);
    expect(foreignImports(bad)).toHaveLength(1);
    expect(globals('WebAssembly')(bad)).toHaveLength(1);
    expect(globals('Date', 'performance')(bad)).toHaveLength(1);
    expect(mathMembers(new Set(['random']))(bad)).toEqual([
      'src/linear/bad.ts:8 Math.random',
      'src/linear/bad.ts:8 Math without a member',
    ]);
    expect(mathMembers(transcendental)(bad)).toHaveLength(2);
    expect(powers(bad)).toEqual(['src/linear/bad.ts:9 y ** 0.5']);
  });
});

describe('assembly', () => {
  test('kernels create no managed object, allocate nothing and throw nothing', () => {
    const managed =
      /\bnew\b|\b(?:Static)?Array\b|\b(?:Float|Uint|Int)\d+Array\b|\bMap\b|\bSet\b|\bString\b|\bthrow\b|\bheap\.|\bmemory\.grow\b/;
    expect(kernelLines((line) => managed.test(line))).toEqual([]);
  });

  test('the only strings are the paths of imports', () => {
    expect(kernelLines((line) => /['"`]/.test(line.replace(/\bfrom '\.\/\w+';/, '')))).toEqual([]);
  });

  test('index.ts is an export list and nothing else', () => {
    expect(code('assembly/index.ts')).toMatch(/^(?:\s*export \{[\s\w,]*\} from '\.\/\w+';)+\s*$/);
  });
});

// ---- the rules

type Rule = (source: ts.SourceFile) => string[];

function importsThatPointUp(source: ts.SourceFile): string[] {
  const from = room(source.fileName);
  return importsOf(source)
    .filter(({ path }) => path.startsWith('.'))
    .filter(({ path }) => {
      const to = room(join(dirname(source.fileName), path));
      return to !== from && !(floor(to) < floor(from));
    })
    .map(({ path, line }) => `${source.fileName}:${line} ${path}`);
}

function foreignImports(source: ts.SourceFile): string[] {
  const node = room(source.fileName) === 'cli';
  return importsOf(source)
    .filter(({ path }) => !path.startsWith('.') && !(node && path.startsWith('node:')) && doors[path] !== source.fileName)
    .map(({ path, line }) => `${source.fileName}:${line} ${path}`);
}

/** Uses of global names, in values and in types, but not as a member of something else. */
function globals(...names: string[]): Rule {
  return (source) =>
    collect(source, (node) => {
      if (!ts.isIdentifier(node) || !names.includes(node.text)) return undefined;
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.name === node) return undefined;
      if (ts.isPropertyAssignment(parent) && parent.name === node) return undefined;
      return node.text;
    });
}

function mathMembers(members: Set<string>): Rule {
  return (source) =>
    collect(source, (node) => {
      if (!ts.isIdentifier(node) || node.text !== 'Math') return undefined;
      // An alias or a destructured member would slip past this test.
      if (!ts.isPropertyAccessExpression(node.parent)) return 'Math without a member';
      return members.has(node.parent.name.text) ? node.parent.getText(source) : undefined;
    });
}

/** `**` is Math.pow under another name; exact are only squares (x * x in every tier of V8, measured) and literals. */
function powers(source: ts.SourceFile): string[] {
  return collect(source, (node) => {
    if (!ts.isBinaryExpression(node)) return undefined;
    const { kind } = node.operatorToken;
    if (kind !== ts.SyntaxKind.AsteriskAsteriskToken && kind !== ts.SyntaxKind.AsteriskAsteriskEqualsToken) return undefined;
    const { left, right } = node;
    return ts.isNumericLiteral(right) && (right.text === '2' || ts.isNumericLiteral(left)) ? undefined : node.getText(source);
  });
}

// ---- reading the sources

function findings(rule: Rule, accept: (file: string) => boolean = () => true): string[] {
  return sources.filter(accept).flatMap((file) => rule(parse(file, readFileSync(join(root, file), 'utf8'))));
}

function outside(...folders: string[]): (file: string) => boolean {
  return (file) => !folders.some((folder) => file.startsWith(`${folder}/`) || file === `${folder}.ts`);
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function room(file: string): string {
  const [, folder, ...rest] = file.split(/[\\/]/);
  return rest.length === 0 ? ENTRY : folder;
}

/** An unknown folder has no floor: it may import nothing and nothing may import it until it is written down above. */
function floor(name: string): number {
  return name === ENTRY ? Number.POSITIVE_INFINITY : (floors[name] ?? Number.NaN);
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function importsOf(source: ts.SourceFile): { path: string; line: number }[] {
  const imports: { path: string; line: number }[] = [];
  visit(source, (node) => {
    const path = specifier(node);
    if (path && ts.isStringLiteralLike(path)) imports.push({ path: path.text, line: lineOf(source, path) });
  });
  return imports;
}

function specifier(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return undefined;
}

function collect(source: ts.SourceFile, find: (node: ts.Node) => string | undefined): string[] {
  const found: string[] = [];
  visit(source, (node) => {
    const text = find(node);
    if (text !== undefined) found.push(`${source.fileName}:${lineOf(source, node)} ${text}`);
  });
  return found;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** A kernel file without its comments, line for line: AssemblyScript is close to TypeScript, but not to its parser. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/\/\/.*$/gm, '');
}

function kernelLines(bad: (line: string) => boolean): string[] {
  return kernelSources.flatMap((file) =>
    code(file)
      .split('\n')
      .flatMap((line, i) => (bad(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
  );
}
