/**
 * Playing the recording of the open item. The audio element of the player bar is bound to these
 * fields; nothing here knows of it.
 */

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** Seconds. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

export class PlayerState {
  paused = $state(true);
  /** Seconds from the start of the recording. */
  time = $state(0);
  /** Seconds; 0 while it is not known. */
  duration = $state(0);
  speed: number = $state(1);
  /** The stretch that is played by itself. */
  span: TimeSpan | null = $state.raw(null);

  /** Plays one stretch, stops, and is back at its start, so that it can be played again. Seconds. */
  playSpan(start: number, end: number): void {
    this.time = start;
    this.span = { start, end };
    this.paused = false;
  }

  /** Plays on from there. */
  playFrom(time: number): void {
    this.seek(time);
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }

  toggle(): void {
    this.span = null;
    this.paused = !this.paused;
  }

  seek(time: number): void {
    this.span = null;
    this.time = Math.min(Math.max(0, time), this.duration > 0 ? this.duration : time);
  }

  /** Back where it is negative. Seconds. */
  seekBy(seconds: number): void {
    this.seek(this.time + seconds);
  }

  /** To the next of the speeds, up or down; stays at the last one. */
  changeSpeed(direction: 1 | -1): void {
    const faster = direction === 1;
    const next = faster
      ? SPEEDS.find((speed) => speed > this.speed)
      : SPEEDS.findLast((speed) => speed < this.speed);
    this.speed = next ?? this.speed;
  }

  /** To be called as the time moves. */
  moved(): void {
    if (this.span === null || this.paused || this.time < this.span.end) return;
    this.paused = true;
    this.time = this.span.start;
  }

  /** For another recording; the speed stays. */
  reset(): void {
    this.span = null;
    this.paused = true;
    this.time = 0;
    this.duration = 0;
  }
}
