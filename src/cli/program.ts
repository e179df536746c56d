import { Command, CommanderError } from 'commander';
import type { CommandSpec, Job } from './command.ts';
import { UsageError } from './errors.ts';
import type { Flag } from './flags.ts';
import { progressDisplay } from './progressDisplay.ts';
import type { Terminal } from './terminal.ts';

const COMMON: readonly Flag[] = [
  { flags: '--quiet', description: 'no progress and no notes' },
  { flags: '--debug', description: 'show where in the code an error happened' },
];

const EXIT_CODES = 'Exit codes: 0 done, 1 bad data, 2 called in a wrong way, 130 cancelled by Ctrl-C.';

/**
 * Runs one of the commands.
 *
 * @throws UsageError for anything on the command line that is not understood; otherwise what the command throws
 */
export async function runProgram(
  commands: readonly CommandSpec<never>[],
  introduction: { description: string; examples: readonly (readonly [string, string])[]; version: string },
  argv: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const program = new Command('spinifex')
    .description(introduction.description)
    .version(introduction.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText('after', examplesText(introduction.examples));
  quieten(program, terminal);
  for (const spec of commands) addCommand(program, spec, terminal);
  const words = argv.length === 0 ? ['--help'] : helpAsFlag(argv, commands);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(oneLine(error.message, argv));
  }
}

/** `help cv` is `cv --help`. */
function helpAsFlag(argv: readonly string[], commands: readonly CommandSpec<never>[]): readonly string[] {
  const [first, name] = argv;
  if (first !== 'help') return argv;
  if (name === undefined) return ['--help'];
  return commands.some((spec) => spec.name === name) ? [name, '--help'] : [name];
}

/** Errors of commander are thrown, not printed: `main` prints them all alike. */
function quieten(command: Command, { stdout, stderr }: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    outputError: () => {},
    getOutHelpWidth: () => stdout.columns ?? 100,
  });
}

function addCommand(program: Command, spec: CommandSpec<never>, terminal: Terminal): void {
  const command = program.command(spec.name).summary(spec.summary).description(spec.description);
  quieten(command, terminal);
  command.helpOption('-h, --help', 'print this help');
  for (const { name, description } of spec.args) command.argument(`<${name}>`, description);
  for (const flag of [...spec.flags, ...COMMON]) addFlag(command, flag);
  command.addHelpText('after', `${examplesText(spec.examples)}\n\n${EXIT_CODES}`);
  command.action(async () => {
    const { job, flush } = jobOf(command.args, command.opts(), terminal);
    await spec.run(job as Job<never>);
    flush();
  });
}

function addFlag(command: Command, { flags, description, read, fallback }: Flag): void {
  const about = fallback === undefined ? description : `${description} (default: ${fallback})`;
  const name = flags.split(' ').find((word) => word.startsWith('--'));
  if (read === undefined) command.option(flags, about);
  else command.option(flags, about, (text: string) => reading(text, read, name));
}

function reading(text: string, read: (text: string) => unknown, name: string | undefined): unknown {
  try {
    return read(text);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
  }
}

function jobOf(
  args: string[],
  flags: Record<string, unknown>,
  terminal: Terminal,
): { job: Job<Record<string, unknown>>; flush(): void } {
  const { stdout, stderr, env, signal } = terminal;
  const quiet = flags.quiet === true;
  const colours = stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const notes: string[] = [];
  const flush = () => {
    for (const note of notes.splice(0)) stderr.write(`${note}\n`);
  };
  const job: Job<Record<string, unknown>> = {
    args,
    flags,
    terminal,
    print(text) {
      flush();
      stdout.write(`${text}\n`);
    },
    bold: (text) => (colours ? `\u001b[1m${text}\u001b[22m` : text),
    note: (text) => void (quiet || notes.push(text)),
    work(what, body) {
      flush();
      signal.throwIfAborted();
      const display = progressDisplay(what, stderr, quiet);
      try {
        const work = () => body({ signal, onProgress: (step) => display.show(step) });
        return terminal.interruptible ? terminal.interruptible(work) : work();
      } finally {
        display.stop();
      }
    },
  };
  return { job, flush };
}

/** `error: unknown option '--lamda'\n(Did you mean --lambda?)` as one line, with where to look. */
function oneLine(message: string, [first]: readonly string[]): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  const help = first === undefined || first.startsWith('-') || message.includes('unknown command') ? '' : `${first} `;
  return text.includes('Did you mean') ? text : `${text} (see spinifex ${help}--help)`;
}

function examplesText(examples: readonly (readonly [string, string])[]): string {
  const rows = examples.map(([line, comment]) => `  # ${comment}\n  ${line}`);
  return `\nExamples:\n${rows.join('\n\n')}`;
}
