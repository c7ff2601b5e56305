/**
 * Import directions (docs/architecture.md). Every rule reads: files in `from` may import, of our
 * own code, only what `to` names. A room that is not listed may import nothing of ours, so a new
 * room must be entered here first.
 */

const ROOM = 'src-main/';
/** Tests and their support files (test-*.ts) are not shipped: they may reach what they prove. */
const TEST = '(/test-[^/]+|\\.(test|spec))\\.ts$';

/** Room → rooms it may import besides itself. */
const MAY_IMPORT = {
  contract: [],
  'model-folder': ['contract', 'engine/files'],
  'model-store': ['contract', 'model-folder'],
  documents: ['contract'],
  export: ['contract'],
  evaluation: ['contract'],
  'engine-client': ['contract'],
  settings: ['contract'],
  jobs: ['contract'],
  app: [
    'contract',
    'settings',
    'history',
    'jobs',
    'media',
    'documents',
    'export',
    'evaluation',
    'model-store',
    'engine-client',
  ],
  cli: ['contract', 'engine-client', 'documents', 'export', 'evaluation', 'model-store'],
  media: ['contract'],
  shell: ['contract', 'engine-client'],
  web: ['contract'],
  history: ['contract', 'jobs/job-store.ts'],
  'engine/files': ['contract'],
  'engine/onnx': ['contract'],
  'engine/audio': ['contract', 'media'],
  'engine/text': ['contract'],
  'engine/weights': ['contract'],
  'engine/decoding': ['contract', 'engine/onnx'],
  'engine/perturbation': ['contract', 'evaluation', 'engine/onnx', 'engine/files'],
  'engine/models': [
    'contract',
    'model-folder',
    'engine/onnx',
    'engine/files',
    'engine/audio',
    'engine/text',
    'engine/decoding',
    'engine/weights',
  ],
  'engine/importing': [
    'contract',
    'model-folder',
    'engine/files',
    'engine/text',
    'engine/weights',
    'engine/onnx',
    'engine/models',
  ],
  'engine/training': [
    'contract',
    'evaluation',
    'engine/onnx',
    'engine/files',
    'engine/audio',
    'engine/decoding',
    'engine/perturbation',
    'engine/models',
    'engine/pipeline',
  ],
  'engine/pipeline': [
    'contract',
    'evaluation',
    'engine/onnx',
    'engine/audio',
    'engine/decoding',
    'engine/perturbation',
    'engine/models',
  ],
};

/** A room, or one file of it. */
const inRoom = (room) => `^${ROOM}${room}${room.endsWith('.ts') ? '$' : '/'}`;

const directionRules = Object.entries(MAY_IMPORT).map(([room, others]) => ({
  name: `direction-${room.replace('/', '-')}`,
  comment: `${ROOM}${room} may import ${['itself', ...others].join(', ')} only.`,
  severity: 'error',
  from: { path: inRoom(room), pathNot: TEST },
  to: {
    path: '^(src-main|src-renderer|e2e)/',
    pathNot: [room, ...others].map(inRoom),
  },
}));

/** Room that alone may import a package. */
const ONLY_THERE = {
  'onnxruntime-node': 'engine/onnx',
  'node-av': 'engine/audio',
  yauzl: 'engine/importing',
  'better-sqlite3': 'history',
  commander: '(cli/|command-line\\.ts)',
  ws: 'web/',
  electron: '(shell/|main\\.ts)',
};

const packageRules = Object.entries(ONLY_THERE).map(([name, room]) => ({
  name: `package-${name.replace(/\W+/g, '-')}`,
  comment: `${name} is imported in ${ROOM}${room} only.`,
  severity: 'error',
  from: { path: '^src-main/', pathNot: [`^${ROOM}${room}`, TEST] },
  to: { path: `node_modules/${name}/` },
}));

/** Folder of the screens → folders of the screens that it may import besides itself. */
const SCREENS_MAY_IMPORT = {
  bridge: [],
  state: ['bridge'],
  i18n: [],
  ui: ['i18n'],
  features: ['state', 'ui', 'i18n'],
};

/**
 * Of the evaluation room the states may use the two files that find how texts differ: they are pure,
 * and a difference must be the same on a screen as in a report. Nothing else of it is for screens.
 */
const DIFFERENCES = `^${ROOM}evaluation/(word-diff|edit-distance)\\.ts$`;

const inScreens = (folder) => `^src-renderer/${folder}/`;

const screenRules = [
  ...Object.entries(SCREENS_MAY_IMPORT).map(([folder, others]) => ({
    name: `screens-${folder}`,
    comment: `src-renderer/${folder} may import ${[folder, ...others, 'the contract'].join(', ')} only.`,
    severity: 'error',
    from: { path: inScreens(folder), pathNot: TEST },
    to: {
      path: '^(src-main|src-renderer|e2e)/',
      pathNot: [
        ...[folder, ...others].map(inScreens),
        inRoom('contract'),
        ...(folder === 'state' ? [DIFFERENCES] : []),
      ],
    },
  })),
  {
    name: 'screens-reach-the-contract-only',
    comment: 'And the differences of texts, which are pure (DIFFERENCES above).',
    severity: 'error',
    from: { path: '^src-renderer/' },
    to: { path: '^(src-main|e2e)/', pathNot: [inRoom('contract'), DIFFERENCES] },
  },
  {
    name: 'screens-take-types',
    comment:
      'Of the contract the screens take types, the names of errors and channels, the α of an automatic choice, and the dtypes of a pair. Its schemas would bring zod along, which tries eval; the policy of the page forbids that.',
    severity: 'error',
    from: { path: '^src-renderer/', pathNot: TEST },
    to: {
      path: inRoom('contract'),
      pathNot: `^${ROOM}contract/(errors|channels|alpha-choice|dtype-pairs)\\.ts$`,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'screens-have-no-node',
    comment: 'A page has no Node.',
    severity: 'error',
    from: { path: '^src-renderer/', pathNot: [TEST, '\\.config\\.ts$'] },
    to: { dependencyTypes: ['core'] },
  },
];

export default {
  forbidden: [
    ...directionRules,
    ...screenRules,
    ...packageRules,
    {
      name: 'unlisted-room',
      comment: 'A new room must be entered in MAY_IMPORT.',
      severity: 'error',
      from: {
        path: '^src-main/.+/',
        pathNot: [...Object.keys(MAY_IMPORT).map(inRoom), '^src-main/engine/[^/]+$', TEST],
      },
      to: { path: '^src-main/' },
    },
    {
      name: 'engine-entry',
      comment: 'The engine runs in its own process; nobody imports its entry or its router.',
      severity: 'error',
      from: { path: '^src-main/', pathNot: ['^src-main/engine/[^/]+$', TEST] },
      to: { path: '^src-main/engine/[^/]+$' },
    },
    {
      name: 'tests-are-leaves',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'network-in-web-only',
      comment:
        'Only the loopback shell listens, and nothing connects: this is where "nothing leaves the machine" is kept (docs/security.md).',
      severity: 'error',
      from: { path: '^src-main/', pathNot: [inRoom('web'), TEST] },
      to: {
        path: '^(node:)?(http|https|http2|net|tls|dgram|dns|dns/promises|inspector)$',
        dependencyTypes: ['core'],
      },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
