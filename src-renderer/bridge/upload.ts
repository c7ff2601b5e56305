/**
 * Sends a file to the web shell. XMLHttpRequest, since fetch does not report what has been sent.
 */

import { VeerError } from '../../src-main/contract/errors.ts';
import type { GrantOptions } from './bridge.ts';
import { errorCode } from './problem.ts';

interface Answer {
  readonly grantId?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

const BROKEN = 'The file was not sent to the end. Add it again.';

/**
 * @returns the grant's id
 * @throws VeerError DISK_FULL, ACCESS_DENIED, UPLOAD_BROKEN, CANCELLED
 */
export function upload(file: File, token: string, options: GrantOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const cancel = () => request.abort();
    const fail = (code: string, message: string) =>
      reject(new VeerError(errorCode(code) ?? 'UPLOAD_BROKEN', message));
    if (options.signal.aborted) return fail('CANCELLED', 'Cancelled.');

    const request = new XMLHttpRequest();
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => options.onProgress(event.loaded, file.size);
    request.onload = () => {
      const { grantId, code, message } = answerOf(request.responseText);
      if (request.status < 300 && typeof grantId === 'string') return resolve(grantId);
      return fail(String(code), typeof message === 'string' ? message : BROKEN);
    };
    request.onerror = () => fail('UPLOAD_BROKEN', BROKEN);
    request.onabort = () => fail('CANCELLED', 'Cancelled.');
    request.onloadend = () => options.signal.removeEventListener('abort', cancel);
    options.signal.addEventListener('abort', cancel);
    request.send(file);
  });
}

function answerOf(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}
