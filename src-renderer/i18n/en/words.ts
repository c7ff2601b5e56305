/** Words that stand in many places. */

export const words = {
  keys: 'Keys',
  keyNames: {
    Ctrl: 'Ctrl',
    Shift: 'Shift',
    Alt: 'Alt',
    Enter: 'Enter',
    Escape: 'Esc',
    Space: 'Space',
  },
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  save: 'Save',
  delete: 'Delete',
  undo: 'Undo',
  redo: 'Redo',
  more: 'More',
  details: 'Details',
  off: 'Off',
  none: 'None',
  loading: 'Loading …',
  exactWords: 'The exact message, in English',
};

export const jobStates = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
