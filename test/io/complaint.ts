/** Name, code and message of what a body throws. */
export async function complaint(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return `${name}${code ? ` ${code}` : ''}: ${message}`;
  }
  return 'nothing was thrown';
}
