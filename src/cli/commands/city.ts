import type { CommandSpec } from '../command.ts';
export const cityCommand: CommandSpec = {
  name: 'city',
  summary: '',
  description: '',
  args: [],
  flags: [],
  examples: [],
  run() {},
};
