import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(([, code, output]) => ({
  code,
  output,
}));

test('the README has code with printed output', () => {
  expect(examples.length).toBeGreaterThanOrEqual(2);
  expect(readme.match(/```js\n/g)).toHaveLength(examples.length);
});

test.each(examples)('README code prints what the README shows: example %#', ({ code, output }) => {
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' })).toBe(output);
});

test('the example of the guide’s city runs', () => {
  const printed = execFileSync(process.execPath, ['examples/city.mjs'], { cwd: root, encoding: 'utf8' });
  expect(printed).toContain('A -> D    2.0 ->   1.9');
  expect(printed.match(/certified/g)).toHaveLength(2);
  expect(printed.match(/closed/g)?.length).toBeGreaterThanOrEqual(1);
});
