/** Where the window was, remembered from one start to the next. */

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const boundsSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
});
/** Device-independent pixels; the left upper corner of the main screen is 0, 0. */
export type Bounds = z.infer<typeof boundsSchema>;

const windowStateSchema = z.strictObject({
  /** Null: in the middle, in the usual size. */
  bounds: boundsSchema.nullable(),
  maximized: z.boolean(),
});
type StoredState = z.infer<typeof windowStateSchema>;

/** How the window is to open. Without x and y the system places it. */
export interface WindowState {
  readonly bounds: Bounds | { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

const USUAL = { width: 1200, height: 800 } as const;
/** Pixels of the window that a screen must show, or it cannot be reached with the mouse. */
const REACHABLE = 64;

/**
 * The stored state on the screens there are: a screen may be gone or smaller than before.
 *
 * @param workAreas of all screens, the main one first
 */
export function fitToScreens(
  stored: StoredState | null,
  workAreas: readonly Bounds[],
): WindowState {
  const maximized = stored?.maximized ?? false;
  const bounds = stored?.bounds ?? null;
  const area = bounds === null ? undefined : largestOverlap(bounds, workAreas);
  if (bounds === null || area === undefined) {
    const main = workAreas[0];
    const size = bounds ?? USUAL;
    return {
      bounds: {
        width: Math.min(size.width, main?.width ?? size.width),
        height: Math.min(size.height, main?.height ?? size.height),
      },
      maximized,
    };
  }
  const width = Math.min(bounds.width, area.width);
  const height = Math.min(bounds.height, area.height);
  return {
    bounds: {
      x: clamp(bounds.x, area.x, area.x + area.width - width),
      y: clamp(bounds.y, area.y, area.y + area.height - height),
      width,
      height,
    },
    maximized,
  };
}

/** The state in a file. A damaged file is as good as none: nothing is lost with it. */
export class WindowStateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<StoredState | null> {
    try {
      return windowStateSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return null;
    }
  }

  /** Whole or not at all. Where it cannot be written, the window opens as before. */
  async write(state: StoredState): Promise<void> {
    const temporary = `${this.#path}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(temporary, JSON.stringify(windowStateSchema.parse(state)));
      await rename(temporary, this.#path);
    } catch {
      await rm(temporary, { force: true });
    }
  }
}

function largestOverlap(bounds: Bounds, areas: readonly Bounds[]): Bounds | undefined {
  let best: Bounds | undefined;
  let most = 0;
  for (const area of areas) {
    const width = overlap(bounds.x, bounds.width, area.x, area.width);
    const height = overlap(bounds.y, bounds.height, area.y, area.height);
    if (width < REACHABLE || height < REACHABLE || width * height <= most) continue;
    best = area;
    most = width * height;
  }
  return best;
}

function overlap(a: number, aLength: number, b: number, bLength: number): number {
  return Math.min(a + aLength, b + bLength) - Math.max(a, b);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
