import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCtranslate2 } from '../ctranslate2/open-ctranslate2.ts';
import { openMarianNpz } from './open-marian.ts';

/** Marian's are its own; CTranslate2 makes those of `transformers`, with another ε. */
const POSITIONS = /embed_positions/;

function path(name: string, file: string): string {
  const folder = new URL('../../../../e2e/fixtures/weights/', import.meta.url);
  return fileURLToPath(new URL(`marian-${name}/${file}`, folder));
}

describe('a .npz that NumPy wrote', () => {
  it.each(['shared', 'separate'])('gives what CTranslate2 converts it to: %s', async (name) => {
    const own = await openMarianNpz(path(name, 'model.npz'));
    const config = readFileSync(path(name, 'converted.json'), 'utf8');
    const converted = await openCtranslate2(path(name, 'converted.bin'), config);
    const names = (weights: ReadonlyMap<string, unknown>): string[] => [...weights.keys()].sort();
    expect(names(own.weights.weights)).toEqual(names(converted.weights.weights));
    for (const weight of own.weights.weights.values()) {
      const other = converted.weights.weights.get(weight.name);
      if (POSITIONS.test(weight.name)) continue;
      expect(other?.shape, weight.name).toEqual(weight.shape);
      const rows = weight.shape[0] ?? 1;
      expect(await other?.readRows(0, rows), weight.name).toEqual(await weight.readRows(0, rows));
    }
    expect({ ...own.config, max_position_embeddings: 2048, layer_norm_eps: 1e-5 }).toEqual(
      converted.config,
    );
    await own.weights.close();
    await converted.weights.close();
  });
});
