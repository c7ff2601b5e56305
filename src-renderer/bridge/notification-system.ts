/** Whether the system lets this page show notices. */

type Permission = 'granted' | 'denied' | 'default' | 'missing';

export const notificationSystem = {
  permission: (): Permission =>
    'Notification' in globalThis ? Notification.permission : 'missing',
  /** To be called while a person's click still counts. */
  ask: (): Promise<Permission> =>
    'Notification' in globalThis
      ? Notification.requestPermission()
      : Promise.resolve('missing' as const),
};
