/** The command was called in a way that it does not understand: exit code 2. */
export class UsageError extends Error {}

/** What the command was given to read or to write is not as it must be: exit code 1. */
export class DataError extends Error {}
