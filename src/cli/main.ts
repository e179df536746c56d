import { inspect } from 'node:util';
import { benchCommand } from './commands/bench.ts';
import { cityCommand } from './commands/city.ts';
import { cvCommand } from './commands/cv.ts';
import { familyCommands } from './commands/family.ts';
import { lassoCommand } from './commands/lasso.ts';
import { pathCommand } from './commands/path.ts';
import { predictCommand } from './commands/predict.ts';
import { textCommand } from './commands/text.ts';
import { UsageError } from './errors.ts';
import { runProgram } from './program.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';

const DESCRIPTION =
  'Sparse models with a proof of accuracy, on city networks and on tables of numbers.\n\n' +
  'Without a file to start from, try "spinifex city": it makes a small city, works out which roads matter and which routes are missing, ' +
  'and writes a page to look at. "spinifex help cv" explains a command.';

const EXAMPLES = [
  ['spinifex city', 'the whole pipeline on a built-in city; open city-report/index.html'],
  ['spinifex cv roads.csv --target traffic', 'which columns explain the traffic? lambda chosen by cross-validation'],
  ['spinifex lasso roads.csv --target traffic --lambda 0.1 --save model.json', 'one model, saved'],
  ['spinifex logistic patients.csv --target ill --cv', 'two classes; svm, poisson and text work alike'],
  ['spinifex predict model.json new.csv', 'that model on new rows'],
] as const;

/**
 * The command `spinifex`.
 *
 * @param argv what follows the name of the command
 * @returns the exit code: 0 done, 1 bad data, 2 called in a wrong way, 130 cancelled
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const commands = [
    cityCommand,
    lassoCommand,
    pathCommand,
    cvCommand,
    ...familyCommands,
    textCommand,
    predictCommand,
    benchCommand,
  ];
  try {
    const version = await packageVersion();
    await runProgram(commands, { description: DESCRIPTION, examples: EXAMPLES, version }, argv, terminal);
    return 0;
  } catch (error) {
    if (terminal.signal.aborted) return complain('cancelled', 130, terminal);
    const message = error instanceof Error ? error.message || error.name : String(error);
    if (argv.includes('--debug')) terminal.stderr.write(`${inspect(error)}\n`);
    return complain(message, error instanceof UsageError ? 2 : 1, terminal);
  }
}

function complain(message: string, code: number, { stderr }: Terminal): number {
  stderr.write(`spinifex: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  return code;
}
