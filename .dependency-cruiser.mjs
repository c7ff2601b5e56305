/**
 * Import directions (docs/architecture.md). Every rule reads: files in `from` may import, of our
 * own code, only what `to` names. A room that is not listed may import nothing of ours, so a new
 * room must be entered here first.
 */

const ROOM = 'src-main/';
/** Tests and their support files (test-*.ts) are not shipped: they may reach what they prove. */
const TEST = '(/test-[^/]+|\\.test)\\.ts$';

/** Room → rooms it may import besides itself. */
const MAY_IMPORT = {
  contract: [],
  'model-store': ['contract'],
  documents: ['contract'],
  export: ['contract'],
  evaluation: ['contract'],
  'engine-client': ['contract'],
  cli: ['contract', 'engine-client', 'documents', 'export', 'evaluation', 'model-store'],
  'engine/files': ['contract'],
  'engine/onnx': ['contract'],
  'engine/audio': ['contract'],
  'engine/text': ['contract'],
  'engine/decoding': ['contract', 'engine/onnx'],
  'engine/perturbation': ['contract', 'engine/onnx', 'engine/files'],
  'engine/models': [
    'contract',
    'engine/onnx',
    'engine/files',
    'engine/audio',
    'engine/text',
    'engine/decoding',
  ],
  'engine/pipeline': [
    'contract',
    'engine/onnx',
    'engine/audio',
    'engine/decoding',
    'engine/perturbation',
    'engine/models',
  ],
};

const inRoom = (room) => `^${ROOM}${room}/`;

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
  '@huggingface/tokenizers': 'engine/text',
  commander: '(cli/|cli\\.ts)',
};

const packageRules = Object.entries(ONLY_THERE).map(([name, room]) => ({
  name: `package-${name.replace(/\W+/g, '-')}`,
  comment: `${name} is imported in ${ROOM}${room} only.`,
  severity: 'error',
  from: { path: '^src-main/', pathNot: [`^${ROOM}${room}`, TEST] },
  to: { path: `node_modules/${name}/` },
}));

export default {
  forbidden: [
    ...directionRules,
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
