import { describe, expect, it } from 'vitest';
import { GroupLasso, GroupLassoCV, groupLassoPath, MultiTaskLasso } from '../../src/linear/blocks/index.ts';
import { fitMultinomial } from '../../src/linear/blocks/multinomial.ts';

const X = [
  [1, 2, 3],
  [2, 1, 0],
  [0, 1, 5],
  [3, 3, 1],
];
const y = [1, 2, 3, 5];
const attempt = (options: object, response: number[] = y) =>
  new GroupLasso({ lambda: 0.1, groups: [0, 0, 1], ...options }).fit(X, response);

describe('bad input is refused by name', () => {
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'a column in two groups',
      () =>
        attempt({
          groups: [
            [0, 1],
            [1, 2],
          ],
        }),
      RangeError,
      'groups: column 1 is in group 0 and again in group 1',
    ],
    ['a column in no group', () => attempt({ groups: [[0], [2]] }), RangeError, 'groups: column 1 is in no group'],
    [
      'a column that is not there',
      () => attempt({ groups: [[0, 1], [3]] }),
      RangeError,
      'groups[1][0] is 3: expected a column number in 0..2',
    ],
    ['an empty group', () => attempt({ groups: [[0, 1, 2], []] }), RangeError, 'groups[1]: expected at least one column'],
    ['too few labels', () => attempt({ groups: [0, 1] }), RangeError, 'groups: expected one label per column of X (3), got 2'],
    [
      'labels of two kinds',
      () => attempt({ groups: [0, 'a', 1] }),
      TypeError,
      'groups[1] is "a" (string): expected a number, as groups[0]',
    ],
    [
      'a negative group weight',
      () => attempt({ groupWeights: [1, -1] }),
      RangeError,
      'groupWeights[1] is -1: expected a number >= 0 or Infinity',
    ],
    [
      'too many group weights',
      () => attempt({ groupWeights: [1, 1, 1] }),
      RangeError,
      'groupWeights: expected one value per group (2), got 3',
    ],
    ['an unknown loss', () => attempt({ loss: 'hinge' }), RangeError, 'loss'],
    ['an l1Ratio above 1', () => attempt({ l1Ratio: 2 }), RangeError, 'l1Ratio'],
    ['an unknown option', () => attempt({ alpha: 2 }), TypeError, 'alpha'],
    ['labels that are not 0 or 1', () => attempt({ loss: 'logistic' }, [0, 1, 2, 0]), RangeError, 'y[2] is 2: expected 0 or 1'],
    [
      'one class only',
      () => attempt({ loss: 'logistic' }, [1, 1, 1, 1]),
      RangeError,
      'y: expected both classes, 0 and 1, got only 1',
    ],
    [
      'one class only for the hinge',
      () => attempt({ loss: 'squaredHinge' }, [-1, -1, -1, -1]),
      RangeError,
      'y: expected both classes, -1 and 1, got only -1',
    ],
    ['a negative count', () => attempt({ loss: 'poisson' }, [1, -2, 0, 1]), RangeError, 'y[1] is -2: expected a count >= 0'],
    ['a path without groups', () => groupLassoPath(X, y, {} as never), TypeError, 'groups'],
    ['one fold', () => new GroupLassoCV({ groups: [0, 0, 1], folds: 1 }), RangeError, 'folds'],
    [
      'Y with too few rows',
      () => new MultiTaskLasso({ lambda: 1 }).fit(X, [[1, 2]]),
      RangeError,
      'Y: expected 4 rows, as X has, got 1',
    ],
    [
      'NaN in Y',
      () =>
        new MultiTaskLasso({ lambda: 1 }).fit(X, [
          [1, 2],
          [1, Number.NaN],
          [0, 0],
          [1, 1],
        ]),
      RangeError,
      'Y',
    ],
    [
      'NaN in X',
      () =>
        new MultiTaskLasso({ lambda: 1 }).fit(
          [
            [1, Number.NaN],
            [1, 2],
          ],
          [[1], [2]],
        ),
      RangeError,
      'X',
    ],
    [
      'a class that is not there',
      () => fitMultinomial({ lambda: 1 }, X, Int32Array.of(0, 1, 2, 3), 3),
      RangeError,
      'classes[3] is 3',
    ],
    [
      'an offset of the wrong shape',
      () => fitMultinomial({ lambda: 1 }, X, Int32Array.of(0, 1, 2, 1), 3, { offset: X.map((x) => x.slice(1)) }),
      RangeError,
      'offset: expected 3 columns, got 2',
    ],
  ])('%s', (_, act, kind, message) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });
});
