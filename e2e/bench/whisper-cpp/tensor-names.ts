/** What whisper.cpp calls the tensors of a Whisper model as on the Hub. */

const MODULES: Readonly<Record<string, string>> = {
  'self_attn.q_proj': 'attn.query',
  'self_attn.k_proj': 'attn.key',
  'self_attn.v_proj': 'attn.value',
  'self_attn.out_proj': 'attn.out',
  self_attn_layer_norm: 'attn_ln',
  'encoder_attn.q_proj': 'cross_attn.query',
  'encoder_attn.k_proj': 'cross_attn.key',
  'encoder_attn.v_proj': 'cross_attn.value',
  'encoder_attn.out_proj': 'cross_attn.out',
  encoder_attn_layer_norm: 'cross_attn_ln',
  fc1: 'mlp.0',
  fc2: 'mlp.2',
  final_layer_norm: 'mlp_ln',
};

const OUTSIDE_LAYERS: Readonly<Record<string, string>> = {
  'encoder.conv1.weight': 'encoder.conv1.weight',
  'encoder.conv1.bias': 'encoder.conv1.bias',
  'encoder.conv2.weight': 'encoder.conv2.weight',
  'encoder.conv2.bias': 'encoder.conv2.bias',
  'encoder.embed_positions.weight': 'encoder.positional_embedding',
  'encoder.layer_norm.weight': 'encoder.ln_post.weight',
  'encoder.layer_norm.bias': 'encoder.ln_post.bias',
  'decoder.embed_tokens.weight': 'decoder.token_embedding.weight',
  'decoder.embed_positions.weight': 'decoder.positional_embedding',
  'decoder.layer_norm.weight': 'decoder.ln.weight',
  'decoder.layer_norm.bias': 'decoder.ln.bias',
};

/**
 * Null for the output projection, which is the token embedding there.
 *
 * @throws Error for a tensor that a Whisper model does not have
 */
export function tensorName(name: string): string | null {
  if (name === 'proj_out.weight') return null;
  const inModel = name.replace(/^model\./, '');
  const layer = /^(encoder|decoder)\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(inModel);
  const [, part, number, module = '', kind] = layer ?? [];
  const target = layer === null ? OUTSIDE_LAYERS[inModel] : MODULES[module];
  if (target === undefined) throw new Error(`whisper.cpp knows no tensor like ${name}.`);
  return layer === null ? target : `${part}.blocks.${number}.${target}.${kind}`;
}
