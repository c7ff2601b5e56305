/** Sentences that every section of the report has. */

import type { BenchmarkRun, ModelMeasurement } from './benchmarks-file.ts';

export function othersText({ versions, leftOut }: ModelMeasurement['others']): string {
  const measured = versions.length === 0 ? [] : [`Other peers: ${versions.join('; ')}.`];
  return [...measured, ...leftOut].join(' ');
}

export function runText({ command, date, machine, pairs }: BenchmarkRun): string {
  const { cpu, cores, memoryGiB, platform, versions } = machine;
  const programs = Object.entries(versions).map((pair) => pair.join(' '));
  const place = `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}; ${programs.join(', ')}`;
  return `Measured on ${date} by \`${command}\`, ${pairs} counted: ${place}.`;
}

export function threadsText(threads: number): string {
  return threads === 1 ? 'one thread' : `${threads} threads`;
}
