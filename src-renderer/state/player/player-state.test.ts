import { expect, test } from 'vitest';
import { PlayerState, SPEEDS } from './player-state.svelte.ts';

function loaded(): PlayerState {
  const player = new PlayerState();
  player.duration = 60;
  return player;
}

/** As the audio element does. */
function advance(player: PlayerState, time: number): void {
  player.time = time;
  player.moved();
}

test('a stretch is played to its end and can be played again', () => {
  const player = loaded();
  player.playSpan(10, 12);
  advance(player, 11.9);
  expect([player.paused, player.time]).toEqual([false, 11.9]);
  advance(player, 12.01);
  expect([player.paused, player.time]).toEqual([true, 10]);
});

test('seeking while a stretch is played plays on beyond its end', () => {
  const player = loaded();
  player.playSpan(10, 12);
  player.seek(11);
  advance(player, 13);
  expect([player.paused, player.time]).toEqual([false, 13]);
});

test('a stretch that was paused and played on by hand does not stop at its end', () => {
  const player = loaded();
  player.playSpan(10, 12);
  player.toggle();
  player.toggle();
  advance(player, 13);
  expect(player.paused).toBe(false);
});

test('seeking stays inside the recording', () => {
  const player = loaded();
  player.seek(100);
  expect(player.time).toBe(60);
  player.seekBy(-100);
  expect(player.time).toBe(0);
});

test('speeds go up and down one by one and end at the last', () => {
  const player = loaded();
  for (const _ of SPEEDS) player.changeSpeed(1);
  expect(player.speed).toBe(2);
  player.changeSpeed(-1);
  expect(player.speed).toBe(1.5);
  for (const _ of SPEEDS) player.changeSpeed(-1);
  expect(player.speed).toBe(0.5);
});

test('another recording begins at its start, at the same speed', () => {
  const player = loaded();
  player.speed = 1.5;
  player.playSpan(10, 12);
  player.reset();
  expect([player.paused, player.time, player.duration, player.span, player.speed]).toEqual([
    true,
    0,
    0,
    null,
    1.5,
  ]);
});
