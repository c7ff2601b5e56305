import { expect, test } from 'vitest';
import { RECOGNISERS, TRANSLATORS } from '../dev-inputs.ts';
import { benchOptions, commandOf, commandOfStarts } from './bench-options.ts';

const model = TRANSLATORS[0];

test('without a name every bundled model is measured in both dtypes, and the starts', () => {
  const { setups, starts } = benchOptions([]);
  expect(starts).toBe(true);
  const bundled = [...RECOGNISERS, ...TRANSLATORS];
  expect(setups.map(({ model, dtype }) => `${model} ${dtype}`)).toEqual(
    ['fp32', 'int8'].flatMap((dtype) => bundled.map((name) => `${name} ${dtype}`)),
  );
});

test('a measurement tells the command that makes it again, alone', () => {
  const args = ['--model', model, '--dtype', 'int8', '--pairs', '9', '--sentences', '50'];
  const options = benchOptions([...args, '--windows', '2', '--python', '/somewhere/python']);
  const [setup] = options.setups;
  if (setup === undefined) throw new Error('No set-up.');
  const command = commandOf(setup, options);
  expect(command).toBe(
    `npm run bench -- --model ${model} --dtype int8 --pairs 9 --sentences 50 --python python`,
  );
  const again = benchOptions(command.split(' ').slice(4));
  expect(again.setups).toEqual(options.setups);
  expect([options.starts, again.starts]).toEqual([false, false]);
});

test('the starts are measured alone where they alone are asked for', () => {
  const options = benchOptions(['--starts', '--threads', '1']);
  expect([options.setups, options.starts]).toEqual([[], true]);
  expect(commandOfStarts(options)).toBe('npm run bench -- --starts --threads 1');
});

test('to redraw nothing is measured', () => {
  const { setups, starts } = benchOptions(['--redraw', '--model', model, '--starts']);
  expect([setups, starts]).toEqual([[], false]);
});

test.each([
  [['--model', 'whisper-huge'], '--model can be starter-asr-en-m'],
  [['--dtype', 'q4'], '--dtype can be fp32 or int8, not "q4".'],
  [['--pairs', '0'], '--pairs must be a whole number above 0, not "0".'],
  [['--out'], '--out'],
])('%s is refused', (args, message) => {
  expect(() => benchOptions(args)).toThrow(message);
});
