/**
 * The Content-Security-Policy header under which both shells show the screens. Everything is
 * forbidden but what is named here: no inline script or style, no other origin, no frame, no form.
 */

/**
 * @param connect sources of `connect-src`: where the screens may open connections to. Loopback
 *   shell: its own origin and WebSocket; Electron: none, its screens talk over a port.
 * @returns value of the header
 */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Waveforms and previews are drawn by the page itself.
    "img-src 'self' blob: data:",
    "media-src 'self'",
    `connect-src ${connect.length === 0 ? "'none'" : connect.join(' ')}`,
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
