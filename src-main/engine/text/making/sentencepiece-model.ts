/** Reads a SentencePiece model (`.model`, `.spm`): the message ModelProto of sentencepiece_model.proto. */

import { VeerError } from '../../../contract/errors.ts';
import { Charsmap } from '../pipeline/charsmap.ts';
import { UnsupportedPart } from '../pipeline/fields.ts';
import { DamagedMessage, type Field, fieldsOf, floatOf } from './protobuf-fields.ts';

const PIECE_KINDS = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'] as const;
type PieceKind = (typeof PIECE_KINDS)[number];

export interface Piece {
  readonly text: string;
  /** Log-probability (unigram) or minus the rank (BPE), exactly as float32 has it. */
  readonly score: number;
  readonly kind: PieceKind;
}

export interface SentencePieceModel {
  readonly algorithm: 'unigram' | 'bpe';
  /** By id. */
  readonly pieces: readonly Piece[];
  readonly unknownId: number;
  readonly byteFallback: boolean;
  /** Compiled table of replacements; empty for none. */
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
}

/** mT5 and MADLAD have about 256,000 pieces, the largest there are. */
const MOST_PIECES = 4_000_000;

/**
 * @throws VeerError MODEL_FILE_DAMAGED where the bytes are no such message or contradict themselves;
 *   MODEL_FORMAT_UNSUPPORTED for models of words or characters and for whitespace at the end of words
 */
export function readSentencePieceModel(bytes: Uint8Array): SentencePieceModel {
  try {
    return read(bytes);
  } catch (cause) {
    if (cause instanceof DamagedMessage || cause instanceof UnsupportedPart) {
      throw damaged(cause.message, cause);
    }
    throw cause;
  }
}

function read(bytes: Uint8Array): SentencePieceModel {
  const pieces: Piece[] = [];
  const trainer = new Map<number, Field>();
  const normalizer = new Map<number, Field>();
  for (const { number, bytes: part } of fieldsOf(bytes)) {
    if (number === 1) pieces.push(readPiece(part));
    if (number === 2) for (const field of fieldsOf(part)) trainer.set(field.number, field);
    if (number === 3) for (const field of fieldsOf(part)) normalizer.set(field.number, field);
    if (pieces.length > MOST_PIECES) throw damaged(`it has more than ${MOST_PIECES} pieces`);
  }
  const flag = (fields: ReadonlyMap<number, Field>, number: number, fallback: boolean) =>
    (fields.get(number)?.value ?? Number(fallback)) !== 0;
  if (flag(trainer, TRAINER.whitespaceAsSuffix, false)) {
    throw unsupported('it puts whitespace at the end of words');
  }
  const charsmap = normalizer.get(NORMALIZER.charsmap)?.bytes ?? new Uint8Array();
  if (charsmap.length > 0) new Charsmap(charsmap);
  const model: SentencePieceModel = {
    algorithm: algorithmOf(trainer.get(TRAINER.modelType)?.value ?? 1),
    pieces,
    unknownId: pieces.findIndex(({ kind }) => kind === 'unknown'),
    byteFallback: flag(trainer, TRAINER.byteFallback, false),
    charsmap,
    addDummyPrefix: flag(normalizer, NORMALIZER.addDummyPrefix, true),
    removeExtraWhitespaces: flag(normalizer, NORMALIZER.removeExtraWhitespaces, true),
    escapeWhitespaces: flag(normalizer, NORMALIZER.escapeWhitespaces, true),
  };
  checkPieces(model);
  return model;
}

/** Numbers of the fields of TrainerSpec and NormalizerSpec. */
const TRAINER = { modelType: 3, whitespaceAsSuffix: 24, byteFallback: 35 } as const;
const NORMALIZER = {
  charsmap: 2,
  addDummyPrefix: 3,
  removeExtraWhitespaces: 4,
  escapeWhitespaces: 5,
} as const;

function readPiece(message: Uint8Array): Piece {
  let text = '';
  let score = 0;
  let kind: PieceKind = 'normal';
  for (const { number, value, bytes } of fieldsOf(message)) {
    if (number === 1) text = utf8(bytes);
    if (number === 2) score = floatOf(value);
    if (number === 3)
      kind = PIECE_KINDS[value - 1] ?? damage(`it has a piece of the kind ${value}`);
  }
  if (text === '' || !Number.isFinite(score))
    damage('it has a piece without a spelling or a score');
  return { text, score, kind };
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return damage('it has a piece that is no UTF-8');
  }
}

function checkPieces({ algorithm, pieces, unknownId, byteFallback }: SentencePieceModel): void {
  if (unknownId === -1) damage('it has no piece for unknown characters');
  if (new Set(pieces.map(({ text }) => text)).size !== pieces.length) {
    damage('it has a piece twice');
  }
  const bytes = pieces.filter(({ kind }) => kind === 'byte').length;
  if (byteFallback && bytes !== 256) damage(`it has ${bytes} of the 256 bytes`);
  if (algorithm === 'bpe' && pieces.some(({ kind }) => kind === 'unused')) {
    throw unsupported('it is a BPE with pieces that are not used');
  }
}

function algorithmOf(type: number): 'unigram' | 'bpe' {
  if (type === 1) return 'unigram';
  if (type === 2) return 'bpe';
  if (type === 3 || type === 4) {
    throw unsupported(`it cuts texts into ${type === 3 ? 'words' : 'characters'}`);
  }
  return damage(`its model type is ${type}`);
}

function damage(detail: string): never {
  throw new DamagedMessage(detail);
}

function damaged(detail: string, cause?: unknown): VeerError {
  return new VeerError(
    'MODEL_FILE_DAMAGED',
    `The SentencePiece model is damaged or is something else: ${detail}. Copy the file again.`,
    { cause },
  );
}

function unsupported(detail: string): VeerError {
  return new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `The SentencePiece model is of a kind that Veer does not read: ${detail}. Use a model with a tokenizer.json.`,
  );
}
