/** What a notification of tmux hints at: the id of a session or window, or that something among them all changed. */
export type NotificationHint = { readonly type: 'Thing'; readonly id: string } | { readonly type: 'Somewhere' };

/**
 * Reads a notification as a hint (tmux(1), CONTROL MODE). Output and what concerns only our own client hint at nothing.
 * An added window hints at nothing either: it is ours, or a person's.
 */
export function readNotification(name: string, rest: string): NotificationHint | undefined {
  switch (name) {
    case 'window-close':
    case 'unlinked-window-close':
    case 'window-renamed':
    case 'unlinked-window-renamed':
    case 'session-renamed':
    case 'session-window-changed':
    case 'window-pane-changed': {
      const id = rest.split(' ')[0];
      return id === undefined || id === '' ? undefined : { type: 'Thing', id };
    }
    case 'sessions-changed':
      return { type: 'Somewhere' };
    default:
      return undefined;
  }
}
