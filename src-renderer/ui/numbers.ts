/** Numbers as they are shown, with their units. */

/** Seconds as minutes and seconds, with hours where there are some. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0
    ? `${minutes}:${rest}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** @param total null while it is not known */
export function doneOfTotal(
  task: 'transcribe' | 'translate',
  done: number,
  total: number | null,
): string {
  const unit = task === 'transcribe' ? 's of audio' : 'sentences';
  const of = total === null ? '' : ` of ${Math.round(total)}`;
  return `${Math.round(done)}${of} ${unit}`;
}

/** Bytes, to three digits. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toPrecision(3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}

/** The plain output has no step. */
export function alphaName(alpha: number): string {
  return alpha === 0 ? 'Plain' : `α ${alpha}`;
}
