/**
 * The peer: @huggingface/transformers reading the same folder, with the same ONNX Runtime and the
 * same number of threads, from samples or text to text as Veer's side does.
 *
 * It gets the help it needs to run batches at all. Its audio processor takes one input at a time,
 * so features are joined here; and its `generate` stops only when all rows end at one step, so
 * rows that have ended are kept at the end token.
 */

import { basename, dirname } from 'node:path';
import {
  AutoModelForSeq2SeqLM,
  AutoProcessor,
  AutoTokenizer,
  cat,
  env,
  LogitsProcessor,
  LogitsProcessorList,
  type PretrainedModelOptions,
  type Tensor,
  WhisperForConditionalGeneration,
} from '@huggingface/transformers';
import { inBatches } from '../dev-inputs.ts';
import { readGenerationFiles } from './generation-files.ts';
import type { WorkerSetup, WorkReply } from './protocol.ts';
import { serve, type WorkerSide } from './worker-server.ts';
import { audioSeconds, loadWorkload, type SpeechWorkload, type TextWorkload } from './workload.ts';

interface Peer {
  /** What the decoder reads first. */
  readonly prompt: readonly number[];
  /** Output ids of the inputs from `start` to before `end`: prompt, text, end token or tokens. */
  readonly generate: (start: number, end: number) => Promise<Tensor>;
}

type LoadOptions = Pick<PretrainedModelOptions, 'dtype' | 'device' | 'session_options'>;

async function load(setup: WorkerSetup): Promise<WorkerSide> {
  const workload = await loadWorkload(setup);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(workload.directory);
  const name = basename(workload.directory);
  const options: LoadOptions = {
    dtype: setup.dtype,
    device: 'cpu',
    session_options: { intraOpNumThreads: setup.threads },
  };
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const endId = Number(tokenizer.eos_token_id);
  const { prompt, generate } =
    workload.task === 'transcribe'
      ? await loadRecogniser(workload, name, options, endId)
      : await loadTranslator(workload, name, options, endId);

  const run = async (batchSize: number): Promise<WorkReply> => {
    const plainIds: (readonly number[])[] = [];
    const positions = Array.from({ length: workload.inputs.length }, (_, i) => i);
    const began = performance.now();
    for (const batch of inBatches(positions, batchSize)) {
      const start = batch[0] ?? 0;
      const output = await generate(start, start + batch.length);
      tokenizer.batch_decode(output, { skip_special_tokens: true });
      for (const row of output.tolist() as bigint[][]) {
        plainIds.push(generatedIds(row, prompt.length, endId));
      }
    }
    return { time: performance.now() - began, stages: null, plainIds };
  };
  return {
    ready: { alpha: null, reason: null, audioSeconds: audioSeconds(workload) },
    run: ({ batchSize }) => run(batchSize),
  };
}

async function loadRecogniser(
  workload: SpeechWorkload,
  name: string,
  options: LoadOptions,
  endId: number,
): Promise<Peer> {
  const processor = await AutoProcessor.from_pretrained(name);
  const model = await WhisperForConditionalGeneration.from_pretrained(name, options);
  const { prompt } = await readGenerationFiles(workload.directory);
  const generate: Peer['generate'] = async (start, end) => {
    const features: Tensor[] = [];
    for (const samples of workload.inputs.slice(start, end)) {
      features.push((await processor(samples)).input_features);
    }
    const inputs = cat(features, 0);
    if (features.length === 1) return (await model.generate({ inputs })) as Tensor;
    // One prompt per row; the declared type knows only one for all, which is refused for batches.
    const prompts: unknown = features.map(() => prompt);
    const output = await model.generate({
      inputs,
      decoder_input_ids: prompts as number[],
      logits_processor: keepEnded(endId),
    });
    return output as Tensor;
  };
  return { prompt, generate };
}

async function loadTranslator(
  workload: TextWorkload,
  name: string,
  options: LoadOptions,
  endId: number,
): Promise<Peer> {
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModelForSeq2SeqLM.from_pretrained(name, options);
  const { prompt, prefix } = await readGenerationFiles(workload.directory);
  const generate: Peer['generate'] = async (start, end) => {
    const sentences = workload.inputs.slice(start, end).map((text) => `${prefix}${text}`);
    const batch = tokenizer(sentences, { padding: true });
    if (sentences.length === 1) return (await model.generate(batch)) as Tensor;
    const output = await model.generate({
      ...batch,
      logits_processor: keepEnded(endId),
    });
    return output as Tensor;
  };
  return { prompt, generate };
}

/** Lets a row that has ended choose nothing but the end token. */
class EndedRowsProcessor extends LogitsProcessor {
  readonly #endId: number;

  constructor(endId: number) {
    super();
    this.#endId = endId;
  }

  override _call(rows: bigint[][], logits: Tensor): Tensor {
    const vocabulary = logits.dims[1] ?? 0;
    rows.forEach((ids, row) => {
      if (!ids.includes(BigInt(this.#endId))) return;
      const start = row * vocabulary;
      const data = logits.data as Float32Array;
      data.fill(Number.NEGATIVE_INFINITY, start, start + vocabulary);
      data[start + this.#endId] = 0;
    });
    return logits;
  }
}

function keepEnded(endId: number): LogitsProcessorList {
  const processors = new LogitsProcessorList();
  processors.push(new EndedRowsProcessor(endId));
  return processors;
}

/** Without the prompt and without the end token. */
function generatedIds(
  row: readonly bigint[],
  promptLength: number,
  endId: number,
): readonly number[] {
  const ids = row.slice(promptLength).map(Number);
  const stop = ids.indexOf(endId);
  return stop === -1 ? ids : ids.slice(0, stop);
}

await serve(load);
