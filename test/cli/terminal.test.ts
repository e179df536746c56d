import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { progressDisplay } from '../../src/cli/progressDisplay.ts';
import { roadsCsv, run, scratch } from './run.ts';

const folder = scratch();
const roads = folder.file('roads.csv', roadsCsv());
const lasso = ['lasso', roads, '--target', 'y', '--lambda', '0.5'];

afterAll(() => folder.remove());
afterEach(() => void vi.useRealTimers());

describe('help', () => {
  test.each([[[]], [['--help']], [['help']]])('%j lists the commands, with examples', async (argv) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const name of ['city', 'lasso', 'path', 'cv', 'predict', 'bench']) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(out).toContain('Examples:\n  # the whole pipeline on a built-in city; open city-report/index.html\n  spinifex city\n');
  });

  test.each(['city', 'lasso', 'path', 'cv', 'predict', 'bench'])(
    '%s explains itself, its exit codes and an example',
    async (name) => {
      const { code, out, err } = await run([name, '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: spinifex ${name} `);
      expect(out).toMatch(new RegExp(`Examples:\n  # .*\n  (.* \\| )?spinifex ${name}`));
      expect(out).toContain('Exit codes: 0 done, 1 bad data, 2 called in a wrong way, 130 cancelled by Ctrl-C.');
      expect((await run(['help', name])).out).toBe(out);
    },
  );

  test('--version prints the version of the package', async () => {
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('colours', () => {
  const bold = '\u001b[';
  test('a terminal gets them, a pipe does not', async () => {
    expect((await run(lasso, { tty: true })).out).toContain(bold);
    expect((await run(lasso)).out).not.toContain(bold);
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('not with %j', async (env) => {
    expect((await run(lasso, { tty: true, env })).out).not.toContain(bold);
  });
});

describe('notes and progress', () => {
  test('--quiet leaves nothing but the result', async () => {
    const { out, err } = await run([...lasso, '--quiet']);
    expect(err).toBe('');
    expect(out).toContain('column');
  });

  test('lines come once per stage, and once per second within one', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const lines: string[] = [];
    const display = progressDisplay('pipeline', { write: (text) => lines.push(text) }, false);
    for (let k = 0; k < 50; k++) {
      display.show({ done: k, total: 100, stage: k < 25 ? 'select' : 'factorize', secondsLeft: 61.2 });
      vi.advanceTimersByTime(100);
    }
    expect(lines).toEqual([
      'select: 0 of 100, 1 min 2 s left\n',
      'select: 10 of 100, 1 min 2 s left\n',
      'select: 20 of 100, 1 min 2 s left\n',
      'factorize: 25 of 100, 1 min 2 s left\n',
      'factorize: 35 of 100, 1 min 2 s left\n',
      'factorize: 45 of 100, 1 min 2 s left\n',
    ]);
  });

  test('work without stages is silent for its first second', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const lines: string[] = [];
    const display = progressDisplay('path', { write: (text) => lines.push(text) }, false);
    for (let k = 0; k < 15; k++) {
      display.show({ done: k, total: 15 });
      vi.advanceTimersByTime(100);
    }
    expect(lines).toEqual(['path: 10 of 15\n']);
  });

  test('a terminal shows a bar with the time left, and wipes it in the end', () => {
    let text = '';
    const cursor = { isTTY: true, columns: 80, write: (piece: string) => Boolean((text += piece)) };
    const display = progressDisplay('path', cursor, false);
    display.show({ done: 1, total: 4, secondsLeft: 5.2 });
    display.stop();
    expect(text).toContain('path [========----------------------] 25 % 6 s left');
    expect(text.endsWith('\u001b[1G\u001b[2K')).toBe(true);
  });
});

describe('cancelling', () => {
  test('ends with 130 and one line, and nothing is written', async () => {
    const controller = new AbortController();
    controller.abort();
    const { code, out, err } = await run([...lasso, '--quiet'], { signal: controller.signal });
    expect({ code, out, err }).toEqual({ code: 130, out: '', err: 'spinifex: cancelled\n' });
  });

  test('reaches the work through its signal', async () => {
    const controller = new AbortController();
    const interruptible = <T>(work: () => T): T => {
      controller.abort();
      return work();
    };
    const argv = ['path', roads, '--target', 'y', '--quiet'];
    expect(await run(argv, { signal: controller.signal, interruptible })).toEqual({
      code: 130,
      out: '',
      err: 'spinifex: cancelled\n',
    });
  });
});
