/**
 * The key of the web shell. It comes in the fragment of the address, which is never sent, is kept
 * for this tab, and is taken out of the address so that it does not stay in the browser's history.
 */

const STORED = 'veer-token';

/** @returns the newest key, or null where there is none */
export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null && given !== '') {
    sessionStorage.setItem(STORED, given);
    history.replaceState(null, '', location.pathname + location.search);
    return given;
  }
  return sessionStorage.getItem(STORED);
}
