import { expect, it } from 'vitest';
import { availableDtypes, externalData, findGraphs, missingGraph } from './model-layout.ts';

const set = (...files: string[]) => new Set(files);

it('graphs are found in onnx/, else beside config.json, and never half in each', () => {
  const beside = ['encoder_model.onnx', 'decoder_model_merged.onnx'];
  const inFolder = beside.map((file) => `onnx/${file}`);
  expect(findGraphs(set(...beside), 'fp32')?.encoder).toBe('encoder_model.onnx');
  expect(findGraphs(set(...beside, ...inFolder), 'fp32')?.encoder).toBe('onnx/encoder_model.onnx');
  expect(findGraphs(set('onnx/encoder_model.onnx', 'decoder_model_merged.onnx'), 'fp32')).toBe(
    null,
  );
});

it("of several decoders Veer's own is taken, then the merged one, then the two files", () => {
  const own = ['onnx/decoder_cross.onnx', 'onnx/decoder_step.onnx'];
  const split = ['onnx/decoder_model.onnx', 'onnx/decoder_with_past_model.onnx'];
  const merged = 'onnx/decoder_model_merged.onnx';
  const decoderOf = (...files: string[]) =>
    findGraphs(set('onnx/encoder_model.onnx', ...files), 'fp32')?.decoder;
  expect(decoderOf(...split)).toEqual({ kind: 'split', first: split[0], next: split[1] });
  expect(decoderOf(...split, merged)).toEqual({ kind: 'merged', path: merged });
  expect(decoderOf(...split, merged, ...own)).toEqual({
    kind: 'own',
    cross: own[0],
    step: own[1],
    alignment: null,
  });
  const alignment = 'onnx/decoder_alignment.onnx';
  expect(decoderOf(...own, alignment)).toMatchObject({ kind: 'own', alignment });
  expect(decoderOf('onnx/decoder_step.onnx')).toBe(undefined);
});

it('encoder and decoder may be of different dtypes; pairs are listed where no dtype is whole', () => {
  const files = set('onnx/encoder_model.onnx', 'onnx/decoder_model_merged_int8.onnx');
  expect(findGraphs(files, 'fp32+int8')).toEqual({
    encoder: 'onnx/encoder_model.onnx',
    decoder: { kind: 'merged', path: 'onnx/decoder_model_merged_int8.onnx' },
  });
  expect(findGraphs(files, 'int8+fp32')).toBe(null);
  expect(availableDtypes(files)).toEqual(['fp32+int8']);
  files.add('onnx/encoder_model_q4.onnx');
  expect(availableDtypes(files)).toEqual(['fp32+int8', 'q4+int8']);
  files.add('onnx/encoder_model_int8.onnx');
  expect(availableDtypes(files)).toEqual(['int8']);
  expect(findGraphs(files, 'fp32+int8')).not.toBe(null);
});

it('the other half of a decoder in two files is what is missing', () => {
  const encoder = 'encoder_model_int8.onnx';
  for (const [there, missing] of [
    ['decoder_step_int8.onnx', 'decoder_cross_int8.onnx'],
    ['decoder_cross_int8.onnx', 'decoder_step_int8.onnx'],
    ['decoder_model_int8.onnx', 'decoder_with_past_model_int8.onnx'],
    ['encoder_model.onnx', 'decoder_model_merged.onnx'],
  ] as const) {
    expect(missingGraph(set(encoder, there))).toBe(missing);
    expect(missingGraph(set(`onnx/${encoder}`, `onnx/${there}`))).toBe(`onnx/${missing}`);
  }
  expect(missingGraph(set())).toBe('onnx/encoder_model.onnx');
});

it('weights lie beside their graph, in onnx/ or not', () => {
  const files = ['decoder_step.onnx', 'decoder_step.onnx_data', 'decoder_step.onnx.data', 'other'];
  expect(externalData(files, 'decoder_step.onnx')).toEqual([
    'decoder_step.onnx.data',
    'decoder_step.onnx_data',
  ]);
});
