/**
 * The proxy of Fathullah & Gales (NAACL 2024, arXiv 2405.01601): a small network that predicts,
 * from the encoder output E, the metric of the frozen model's own output. Its graph holds the
 * forward pass, the gradient and the step, so one run gives E' = E + σ·α·n(g) for every α.
 *
 * A proxy is only valid for encoders it was measured on; any other is refused.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Device, Weights } from '../../contract/devices.ts';
import { causeMessage, VeerError } from '../../contract/errors.ts';
import {
  PROXY_GRAPH_FILE,
  PROXY_MANIFEST_FILE,
  type ProxyManifest,
  proxyManifestSchema,
} from '../../contract/model-layout.ts';
import type { ProxyIdentity } from '../../contract/result.ts';
import { readJsonFile } from '../files/json-file.ts';
import { sha256OfFile } from '../files/sha256.ts';
import { Graph } from '../onnx/graph.ts';
import {
  dimension,
  floatData,
  floatTensor,
  int64Tensor,
  selectRows,
  type Tensor,
} from '../onnx/tensor.ts';
import { firstMaskPositions, firstPositions, longestRow, withPadding } from './padding.ts';
import { PerturbationMemory } from './perturbation-memory.ts';

/** Encoder outputs moved along the gradient, with what the proxy says of the plain ones. */
export interface Perturbed {
  /** float32 [B·A, T, D]; row b·A + a is input b at alphas[a]. An α of 0 gives the bytes of E. */
  readonly hiddenStates: Tensor;
  /** [B] predicted metric of the plain output, in the units of the manifest. */
  readonly scores: Float32Array;
  /** [B·A] the same of the moved ones, in the order of the rows. Null where not asked for. */
  readonly perturbedScores: Float32Array | null;
  /** [B] Frobenius norm of the gradient over real positions. */
  readonly gradientNorms: Float32Array;
}

export interface PerturbOptions {
  /** Where the result may lie; then it holds until the next call with this memory. */
  readonly memory: PerturbationMemory;
  /** Also predict what the step leads to: one more run of the proxy for each α. */
  readonly predictPerturbed: boolean;
  /** Small steps of α / steps, the gradient taken anew before each. Left out: what the manifest says. */
  readonly steps: number;
}

export interface LoadProxyOptions {
  /** `proxies/<id>` of a model folder. */
  readonly directory: string;
  readonly device: Device;
  readonly threads: number | null;
  /** The encoder that the proxy will be used with. */
  readonly encoder: { readonly modelId: string; readonly dtype: Weights; readonly sha256: string };
  readonly hiddenSize: number;
}

const OUTPUTS = ['perturbed_hidden_states', 'score', 'gradient_norm'] as const;

export class PerturbationProxy {
  readonly identity: ProxyIdentity;
  readonly manifest: ProxyManifest;
  readonly #graph: Graph;

  private constructor(identity: ProxyIdentity, manifest: ProxyManifest, graph: Graph) {
    this.identity = identity;
    this.manifest = manifest;
    this.#graph = graph;
  }

  /** @throws VeerError PROXY_NOT_FOUND, PROXY_INVALID, PROXY_ENCODER_UNLISTED */
  static async load(options: LoadProxyOptions): Promise<PerturbationProxy> {
    const { directory, encoder, hiddenSize } = options;
    await requireDirectory(directory);
    const manifest = await readJsonFile(join(directory, PROXY_MANIFEST_FILE), proxyManifestSchema, {
      missing: 'PROXY_INVALID',
      invalid: 'PROXY_INVALID',
    });
    if (manifest.hiddenSize !== hiddenSize) {
      throw new VeerError(
        'PROXY_INVALID',
        `The proxy ${manifest.id} is for encoders of size ${manifest.hiddenSize}, ${encoder.modelId} has ${hiddenSize}.`,
      );
    }
    const listed = Object.values(manifest.encoders).filter((entry) => entry !== undefined);
    if (!listed.some((entry) => entry.sha256 === encoder.sha256)) {
      throw new VeerError(
        'PROXY_ENCODER_UNLISTED',
        `The proxy ${manifest.id} was not measured on the ${encoder.dtype} encoder of ${encoder.modelId} (it lists: ${listed.map((entry) => entry.file).join(', ')}). Use a listed encoder, or a proxy made for this one.`,
      );
    }
    const path = join(directory, PROXY_GRAPH_FILE);
    let sha256: string;
    let graph: Graph;
    try {
      sha256 = await sha256OfFile(path);
      graph = await Graph.load(path, options.device, options.threads);
    } catch (cause) {
      throw new VeerError(
        'PROXY_INVALID',
        `${path} cannot be opened (${causeMessage(cause)}). Copy the file again; it may have been cut short.`,
        { cause },
      );
    }
    const { id, metric, direction } = manifest;
    return new PerturbationProxy({ id, metric, direction, sha256 }, manifest, graph);
  }

  /**
   * @param hiddenStates float32 [B, T, D]
   * @param validMask int64 [B, T], 1 at real positions
   * @param alphas [A], finite
   */
  async perturb(
    hiddenStates: Tensor,
    validMask: Tensor,
    alphas: readonly number[],
    {
      memory = new PerturbationMemory(),
      predictPerturbed = false,
      steps = this.manifest.steps,
    }: Partial<PerturbOptions> = {},
  ): Promise<Perturbed> {
    const marks = this.manifest.mask === 'valid' ? validMask : allPositions(validMask);
    // Padding is never read and never changed, so the graph need not see what is padding in all
    // rows: of a recogniser's window often two thirds.
    const length = longestRow(marks);
    const mask = firstMaskPositions(marks, length);
    const small = alphas.map((alpha) => alpha / steps);
    const outputs = await this.#graph.run(
      {
        encoder_hidden_states: firstPositions(hiddenStates, length, memory.input),
        attention_mask: mask,
        alpha: floatTensor(Float32Array.from(small), [alphas.length]),
      },
      OUTPUTS,
    );
    const perturbed = outputs.perturbed_hidden_states;
    for (let step = 1; step < steps; step++) await this.#stepOn(perturbed, mask, small);
    return {
      hiddenStates: withPadding(perturbed, hiddenStates, memory.output),
      scores: floatData(outputs.score),
      perturbedScores: predictPerturbed ? await this.#predict(perturbed, mask) : null,
      gradientNorms: floatData(outputs.gradient_norm),
    };
  }

  async dispose(): Promise<void> {
    await this.#graph.dispose();
  }

  /**
   * One more step of every row, from where it is. The graph makes every step of an input from one
   * place, so it runs once for each α.
   *
   * @param perturbed float32 [B·A, T, D], row b·A + a; changed in place
   * @param mask int64 [B, T]
   */
  async #stepOn(perturbed: Tensor, mask: Tensor, alphas: readonly number[]): Promise<void> {
    const states = floatData(perturbed);
    const rowSize = states.length / dimension(perturbed, 0);
    const inputs = Array.from({ length: dimension(mask, 0) }, (_, b) => b);
    for (const [a, alpha] of alphas.entries()) {
      if (alpha === 0) continue;
      const rows = inputs.map((b) => b * alphas.length + a);
      const { perturbed_hidden_states: moved } = await this.#graph.run(
        {
          encoder_hidden_states: selectRows(perturbed, rows),
          attention_mask: mask,
          alpha: floatTensor(Float32Array.of(alpha), [1]),
        },
        ['perturbed_hidden_states'],
      );
      const values = floatData(moved);
      for (const [b, row] of rows.entries()) {
        states.set(values.subarray(b * rowSize, (b + 1) * rowSize), row * rowSize);
      }
    }
  }

  /**
   * Scores of the rows of a step. The graph gives the score of what it is given, so it runs again,
   * with as many rows at once as before: that much memory there is.
   *
   * @param perturbed float32 [B·A, T, D], row b·A + a
   * @param mask int64 [B, T]
   * @returns [B·A]
   */
  async #predict(perturbed: Tensor, mask: Tensor): Promise<Float32Array> {
    const [rows, inputs] = [dimension(perturbed, 0), dimension(mask, 0)];
    const states = floatData(perturbed);
    const rowSize = states.length / rows;
    const scores = new Float32Array(rows);
    for (let start = 0; start < rows; start += inputs) {
      const some = Array.from({ length: inputs }, (_, i) => start + i);
      const part = states.subarray(start * rowSize, (start + inputs) * rowSize);
      const { score } = await this.#graph.run(
        {
          encoder_hidden_states: floatTensor(part, [inputs, ...perturbed.dims.slice(1)]),
          attention_mask: selectRows(
            mask,
            some.map((row) => Math.floor((row * inputs) / rows)),
          ),
          alpha: floatTensor(Float32Array.of(0), [1]),
        },
        ['score'],
      );
      scores.set(floatData(score), start);
    }
    return scores;
  }
}

async function requireDirectory(directory: string): Promise<void> {
  const entry = await stat(directory).catch(() => null);
  if (!entry?.isDirectory()) {
    throw new VeerError(
      'PROXY_NOT_FOUND',
      `There is no proxy folder ${directory}. "veer models" lists the proxies of each model.`,
    );
  }
}

function allPositions(mask: Tensor): Tensor {
  const [rows, positions] = [dimension(mask, 0), dimension(mask, 1)];
  return int64Tensor(
    Array.from({ length: rows * positions }, () => 1),
    [rows, positions],
  );
}
