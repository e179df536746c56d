import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { roadsCsv, run, scratch } from './run.ts';

const folder = scratch();
const at = (name: string) => join(folder.path, name);
mkdirSync(at('dir'));
folder.file('roads.csv', roadsCsv());
folder.file('bad.svm', '1 1:2 x\n');
folder.file('foreign.json', '{"x": 1}');
folder.file('kind.json', '{"spinifex": "Forest", "version": 1}');
folder.file('newer.json', '{"spinifex": "LinearModel", "version": 9}');
folder.file('cut.json', '{"spinifex": "LinearModel", "ver');
const before = readdirSync(folder.path);

afterAll(() => folder.remove());

/** Files that are no tables, and what is said about them. */
const files: [name: string, content: string | Uint8Array, message: RegExp][] = [
  ['empty.csv', '', /empty\.csv: is empty$/],
  ['blank.csv', ' \n\n', /blank\.csv: is empty \(nothing but blanks\)$/],
  ['header.csv', 'a,y\n', /header\.csv: has a header and no rows$/],
  ['binary.csv', Uint8Array.of(97, 44, 0, 1, 2), /binary\.csv: is binary, not text \(byte 3 is 0\)$/],
  ['packed.csv', Uint8Array.of(0x1f, 0x8b, 8, 0), /packed\.csv: is compressed by gzip; unpack it first \(gunzip\)$/],
  [
    'sheet.csv',
    Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0),
    /sheet\.csv: is a zip archive or a spreadsheet; unpack it or save it as CSV first$/,
  ],
  ['utf16.csv', Uint8Array.of(0xff, 0xfe, 97, 0), /utf16\.csv: is UTF-16 text; save it as UTF-8$/],
  ['latin.csv', Uint8Array.of(97, 0xdf, 44, 121, 10), /latin\.csv: is not UTF-8 text; save it in that encoding$/],
  ['cut.csv', 'a,b,y\n1,2,3\n4,5\n', /cut\.csv, line 3: expected 3 fields as in the first row, got 2$/],
  ['words.csv', 'a,b,y\n1,2,3\n4,x,6\n7,8,9\n', /words\.csv, line 3, column "b": expected a number, got "x"$/],
  ['hole.csv', 'a,b,y\n1,2,3\n4,,6\n', /hole\.csv, line 3, column "b": expected a number, got an empty cell$/],
  ['comma.csv', 'a;y\n1,5;3\n2,5;4\n', /comma\.csv, line 2, column "a": expected a number, got "1,5"$/],
  ['constant.csv', 'a,y\n1,5\n2,5\n', /constant\.csv: the target "y" is 5 in every row; there is nothing to explain$/],
  ['alone.csv', 'y\n1\n2\n', /alone\.csv: no column is left to explain "y" with; found y$/],
  ['names.csv', 'p,q\n1,2\n', /names\.csv: no column "y"; found p, q$/],
];

describe('a file that cannot be used: one line that says why, and exit code 1', () => {
  test.each(files)('%s', async (name, content, message) => {
    const { code, out, err } = await run(['lasso', folder.file(name, content), '--target', 'y', '--lambda', '0.1']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expectOneLine(err, message);
  });

  const others: [argv: string[], message: RegExp][] = [
    [['lasso', at('missing.csv'), '--target', 'y', '--lambda', '1'], /missing\.csv: there is no such file$/],
    [['lasso', at('dir'), '--target', 'y', '--lambda', '1'], /dir: is a folder, expected a file$/],
    [['lasso', '-', '--target', 'y', '--lambda', '1'], /^spinifex: standard input: is empty$/],
    [['lasso', at('bad.svm'), '--lambda', '1'], /bad\.svm, line 1: expected index:value, got "x"$/],
    [
      ['lasso', at('roads.csv'), '--target', 'name', '--lambda', '1'],
      /roads\.csv, line 2, column "name": expected a number, got "road 0"$/,
    ],
    [
      ['lasso', at('roads.csv'), '--target', 'y', '--ignore', 'z,a,x', '--lambda', '1'],
      /roads\.csv: no column "z", "x"; found name, a, b, c, d, y$/,
    ],
    [['predict', at('roads.csv'), at('roads.csv')], /roads\.csv: is no model: not JSON \(.*\)$/],
    [['predict', at('cut.json'), at('roads.csv')], /cut\.json: is no model: not JSON \(.*\)$/],
    [['predict', at('foreign.json'), at('roads.csv')], /foreign\.json: is no model: expected JSON with a field "spinifex", .*$/],
    [['predict', at('kind.json'), at('roads.csv')], /kind\.json: is a model of the kind "Forest"; known kinds: LinearModel, .*$/],
    [['predict', at('newer.json'), at('roads.csv')], /newer\.json: LinearModel model: has version 9, newer than 1, .*$/],
  ];
  test.each(others)('%j', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expectOneLine(err, message);
  });
});

describe('a place that cannot be written to is found before the work starts', () => {
  const lasso = ['lasso', at('no-such-file-either.csv'), '--target', 'y', '--lambda', '1'];
  const places: [argv: string[], message: RegExp][] = [
    [[...lasso, '--svg', at('nowhere/x.svg')], /x\.svg: there is no folder .*nowhere$/],
    [[...lasso, '--save', at('dir')], /dir: is a folder, expected the name of a file to write$/],
    [[...lasso, '--save', at('roads.csv/model.json')], /model\.json: there is no folder .*roads\.csv$/],
    [['city', '--out', at('roads.csv')], /roads\.csv: is a file, expected a folder$/],
    [['city', '--out', at('roads.csv/deeper')], /deeper: cannot be written: a part of the path is a file, not a folder$/],
    // Not even root may make a folder there.
    [['city', '--out', '/proc/city'], /\/proc\/city: cannot be written: .*$/],
  ];
  test.each(places)('%j', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expectOneLine(err, message);
  });
});

describe('a command line that is not understood: one line that says what was expected, and exit code 2', () => {
  const roads = at('roads.csv');
  const lasso = ['lasso', roads, '--target', 'y'];
  const lines: [argv: string[], message: string][] = [
    [['laso', roads], "unknown command 'laso' (Did you mean lasso?)"],
    [['help', 'laso'], "unknown command 'laso' (Did you mean lasso?)"],
    [['--nope'], "unknown option '--nope' (see spinifex --help)"],
    [['lasso'], "missing required argument 'file' (see spinifex lasso --help)"],
    [['lasso', 'a', 'b'], "too many arguments for 'lasso'. Expected 1 argument but got 2 (see spinifex lasso --help)"],
    [[...lasso, '--lamda', '1'], "unknown option '--lamda' (Did you mean --lambda?)"],
    [[...lasso, '--lambda'], "option '--lambda <number>' argument missing (see spinifex lasso --help)"],
    [[...lasso, '--lambda', 'abc'], '--lambda: expected a number >= 0, got "abc"'],
    [[...lasso, '--lambda', '-1'], '--lambda: expected a number >= 0, got "-1"'],
    [[...lasso, '--lambda='], '--lambda: expected a number >= 0, got ""'],
    [[...lasso, '--lambda', 'Infinity'], '--lambda: expected a number >= 0, got "Infinity"'],
    [[...lasso, '--l1-ratio', '2'], '--l1-ratio: expected a number from 0 to 1, got "2"'],
    [[...lasso, '--tol', '0'], '--tol: expected a number > 0, got "0"'],
    [[...lasso, '--seed', '1.5'], '--seed: expected an integer >= 0, got "1.5"'],
    [[...lasso, '--format', 'json'], '--format: expected csv or svmlight, got "json"'],
    [[...lasso, '--features', 'a,,b'], '--features: expected names between commas, got "a,,b"'],
    [[...lasso, '--features', 'a,y'], '--features: "y" is the target'],
    [[...lasso, '--features', 'a,b,a'], '--features: "a" is named twice'],
    [['lasso', roads, '--lambda', '1'], '--target is needed: one of name, a, b, c, d, y'],
    [['lasso', at('bad.svm'), '--target', 'y'], `--target: svmlight files have no column names (${at('bad.svm')})`],
    [['path', roads, '--target', 'y', '--lambdas', '1'], '--lambdas: expected an integer >= 2, got "1"'],
    [['path', roads, '--target', 'y', '--save', at('x')], '--save: needs --lambda, which says where on the path'],
    [['cv', roads, '--target', 'y', '--folds', '1'], '--folds: expected an integer >= 2, got "1"'],
    [['cv', roads, '--target', 'y', '--folds', '41'], '--folds: expected at most the number of rows (40), got 41'],
    [['cv', roads, '--target', 'y', '--rule', 'best'], '--rule: expected min or 1se, got "best"'],
    [['predict', '-', '-'], 'the model and the rows cannot both come from standard input'],
    [['bench', '--seconds', '0'], '--seconds: expected a number > 0, got "0"'],
    [['city', 'here'], "too many arguments for 'city'. Expected 0 arguments but got 1 (see spinifex city --help)"],
    [['city', '--zones', '2'], '--zones: expected an integer >= 4, got "2"'],
    [['city', '--net', 'a', '--links', 'b'], '--net and --links: expected one of them'],
    [['city', '--trips', 'a'], '--trips: needs --net, the roads'],
    [['city', '--places', 'a'], '--places: needs --net or --links'],
    [['city', '--links', 'a', '--zones', '9'], '--zones: is for the built-in city only'],
    [['city', '--links', '-', '--places', '-'], 'only one file can come from standard input'],
    [['city', '--columns', 'a=b'], '--columns: needs --links'],
    [
      ['city', '--links', roads, '--columns', 'ab'],
      '--columns: expected pairs between commas, such as origin=home,destination=work, got "ab"',
    ],
  ];
  test.each(lines)('%j', async (argv, message) => {
    expect(await run(argv)).toEqual({ code: 2, out: '', err: `spinifex: ${message}\n` });
  });
});

test('no mistake leaves a file behind', () => {
  const made = files.map(([name]) => name);
  expect(readdirSync(folder.path).filter((name) => !made.includes(name))).toEqual(before);
});

test('--debug shows where an error happened, and the line as well', async () => {
  const { code, err } = await run(['lasso', at('dir'), '--target', 'y', '--debug']);
  expect(code).toBe(1);
  expect(err).toMatch(/\n {4}at /);
  expect(err.trimEnd().split('\n').at(-1)).toBe(`spinifex: ${at('dir')}: is a folder, expected a file`);
});

function expectOneLine(text: string, message: RegExp): void {
  expect(text).toMatch(/^spinifex: [^\n]+\n$/);
  expect(text.trimEnd()).toMatch(message);
}
