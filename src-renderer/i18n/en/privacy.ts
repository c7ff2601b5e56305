/** What is stored where, and why nothing leaves the machine. */

export const privacy = {
  lead: 'Veer works without a network. What you give it, and what it makes of it, stays on this computer.',
  stored: 'What is stored, and where',
  folder: 'All of it lies in this folder, made for your account alone:',
  what: 'What',
  where: 'Where',
  howLong: 'How long',
  howRemoved: 'How to remove it',
  takes: (size: string) => `${size} now`,
  untilDeleted: 'Until you delete the item, or until it is older than the settings allow',
  deleteItem: 'Delete the item in the history',
  rows: {
    recordings: {
      what: 'Recordings that you add',
      inWindow: 'Where they are. Veer notes the place and changes nothing.',
      inBrowser:
        'As a copy in items/, since a browser does not say where a file lies. Your own file stays as it is.',
      remove: 'Delete the item; a file of your own is never deleted',
    },
    playback: { what: 'Copies for playback and their waveforms' },
    sources: { what: 'Texts that you add' },
    texts: {
      what: 'Transcripts, translations, corrections, references, names',
    },
    outputs: {
      what: 'Encoder outputs: what a model has heard, in numbers',
      long: 'Until the room in the settings is full, or the item is deleted',
      remove: 'Settings, Storage, “Clear now”',
    },
    training: {
      what: 'Outputs that proxies were trained on, by command only: what a model made of your examples, in numbers, and its texts',
      long: 'Until the room for them is full',
      remove: 'Settings, Storage, “Clear outputs of proxy training”',
    },
    backups: {
      what: 'Backups of the history, made before a new version changes it',
      long: 'Until an item that is in them is deleted for good',
      remove: 'Delete the files in the folder',
    },
    setAside: {
      what: 'A history that was set aside because it was damaged',
      long: 'Until you delete it: Veer never touches it again, so it also holds what you delete later',
      remove: 'Delete the file in the folder',
    },
    models: {
      what: 'Models that you import',
      long: 'Until you remove them',
      remove: 'Models, “Remove …”',
    },
    settings: {
      what: 'Settings',
      long: 'Until you change them',
      remove: 'Delete the file while Veer is closed',
    },
    uploads: {
      what: 'Files on their way from the browser',
      long: 'Until they are added; what is left over goes at the next start',
      remove: 'Nothing to do',
    },
    program: {
      what: 'Place of the window, codes of faults (no texts, no names), data of the window itself',
      long: 'Until you delete them',
      remove: 'Delete them while Veer is closed',
    },
  },

  leaves: 'What leaves this computer',
  nothing: 'Nothing.',
  nothingWhy: [
    'No part of Veer opens a connection to another computer. Tests look for it in the program, and one turns a recording into text with the network switched off.',
    'This page is not allowed to load or send anything elsewhere: a strict rule of the browser (Content Security Policy) forbids it.',
    'Models are folders that you bring in. Veer fetches none, looks for no updates and counts nobody.',
  ],
  loopback:
    'In the browser, the page and the program talk over 127.0.0.1, an address that other computers cannot reach.',
  window: 'In its own window, Veer uses no network address at all.',

  key: 'The key in the address',
  keyWhy: [
    'The address that Veer prints at its start ends with a key of 256 random bits. Without it no other page and no other program can read your texts.',
    'It is new at every start. This page takes it out of the address at once and keeps it for this tab only; it is never sent to anyone but Veer.',
    'Whoever has the whole address has everything, as long as Veer runs. Do not pass it on.',
  ],

  deletion: 'Deleting, and not keeping',
  deletionWhy: [
    'A deletion can be undone for a short while, which you set. Then recordings, texts, versions and encoder outputs go from the disk, and the history is written anew, so that no trace stays in its file.',
    '“Do not keep after Veer is closed” does the same by itself when the program ends, or at its next start if it was killed.',
    'Backups that hold a deleted item are deleted with it.',
    'What your system or a backup program has copied elsewhere is out of reach of Veer.',
  ],

  diagnostics: 'The diagnostics file',
  diagnosticsWhy:
    'Settings, Help makes it when you ask for it. It holds versions, devices, models, settings, counts and codes of errors; no names, no texts, no places of your files. You see all of it before you save it, and Veer sends it nowhere.',

  others: 'What Veer cannot prevent',
  othersWhy: [
    'Programs that run under your account can read the folder, and extensions of the browser see what the tab shows.',
    'The files are not encrypted by Veer. If others use this computer, encrypt its disk.',
  ],
};
