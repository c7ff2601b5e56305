/** What the loopback shell needs of the application. */

import type { Router } from '@orpc/server';
import type { appContract } from '../contract/app-contract.ts';

export interface UploadedFile {
  readonly path: string;
  /** As the person knows it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The application moves the file and deletes it with the item. */
  readonly ownsFile: true;
}

export interface WebApp {
  readonly router: Router<typeof appContract, Record<never, never>>;
  readonly grants: { register(file: UploadedFile): string };
  /** Absolute path; what lies in it at the start is removed. */
  readonly uploadsDirectory: string;
  /** @throws VeerError MEDIA_NOT_READY, ITEM_NOT_FOUND */
  playbackFile(itemId: string): string;
}
