"""Compare exported float32 files with the `transformers` model they came from."""

import copy

import numpy as np
import onnxruntime
import torch
from torch import nn

TOLERANCE = 1e-4


def session(path, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Decoder:
    """A merged decoder behind `start(states, mask, prompt)` and `step(tokens)`.
    attentions: keep the cross-attention of every call in `attentions`, [layer][B, H, L, T] each."""

    def __init__(self, path, threads=1, attentions=False):
        self.session, self.attentions = session(path, threads), []
        names = [o.name for o in self.session.get_outputs()]
        self.outputs = [n for n in names if attentions or not n.startswith("cross_attentions")]
        self.cache = {i.name: i.shape for i in self.session.get_inputs() if i.name.startswith("past_key_values")}
        self.t5 = any(i.name == "encoder_attention_mask" for i in self.session.get_inputs())

    def start(self, states, mask, prompt):
        self.mask, batch, self.attentions = mask, len(states), []
        self.empty_states = np.zeros((batch, 0, states.shape[2]), np.float32)
        self.past = {n: np.zeros((batch, s[1], 0, s[3]), np.float32) for n, s in self.cache.items()}
        self.inputs = np.arange(batch)
        return self._run(np.tile(np.array([prompt], np.int64), (batch, 1)), states, False)

    def step(self, tokens):
        return self._run(np.asarray(tokens, np.int64)[:, None], self.empty_states, True)

    def keep(self, rows):
        """Goes on with some of the rows only, each as often as it is named."""
        # What rows of one input share need not be copied where they only change places.
        same = np.array_equal(self.inputs[rows], self.inputs)
        self.inputs = self.inputs[rows]
        self.past = {n: v if same and ".encoder." in n else v[rows] for n, v in self.past.items()}
        self.mask = None if self.mask is None else self.mask[rows]
        self.empty_states = self.empty_states[rows]

    def _run(self, ids, states, cached):
        feed = {"input_ids": ids, "encoder_hidden_states": states, "use_cache_branch": np.array([cached])}
        if self.t5:
            feed["encoder_attention_mask"] = self.mask
        names = [n for n in self.outputs if not (cached and ".encoder." in n)]
        values = dict(zip(names, self.session.run(names, feed | self.past)))
        self.attentions.append([v for n, v in values.items() if n.startswith("cross_attentions")])
        for name, value in values.items():
            if name.startswith("present"):
                self.past[name.replace("present", "past_key_values")] = value
        return values["logits"][:, -1]


def greedy(decoder, states, mask, prompt, end, limit, banned=()):
    """Greedy ids [B][n], without prompt and end."""
    logits = decoder.start(states, mask, prompt)
    out, rows = [[] for _ in states], np.arange(len(states))
    for _ in range(limit):
        logits[:, list(banned)] = -np.inf
        token = logits.argmax(-1)
        for row, t in zip(rows, token):
            if out[row][-1:] != [end]:
                out[row].append(int(t))
        going = np.array([out[row][-1] != end for row in rows])
        if not going.any():
            break
        if going.mean() < 0.75:
            decoder.keep(going)
            rows, token = rows[going], token[going]
        logits = decoder.step(token)
    return [ids[:-1] if ids[-1:] == [end] else ids for ids in out]


def largest(a, b):
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def reference_states(model, inputs):
    if model.config.model_type == "t5":
        return model.get_encoder()(**inputs).last_hidden_state
    frames = inputs["input_features"].shape[2]
    if frames // 2 != model.config.max_source_positions:
        # transformers takes one length only: give it a model of the length asked for.
        model = copy.deepcopy(model)
        model.config.max_source_positions = frames // 2
        encoder = model.model.encoder
        table = encoder.embed_positions.weight[: frames // 2].clone()
        encoder.max_source_positions = frames // 2
        encoder.embed_positions = nn.Embedding.from_pretrained(table)
    return model.get_encoder()(**inputs).last_hidden_state


@torch.no_grad()
def compare(model, folder, cases, prompt, attentions=False, steps=20):
    """`cases`: list of encoder inputs {name: tensor}. Asserts encoder, logits and attentions within 1e-4."""
    encoder = session(folder / "onnx/encoder_model.onnx")
    decoder = Decoder(folder / "onnx/decoder_model_merged.onnx", attentions=attentions)
    worst = {"encoder": 0.0, "logits": 0.0} | ({"attentions": 0.0} if attentions else {})
    for inputs in cases:
        states = reference_states(model, inputs)
        (ours,) = encoder.run(None, {k: v.numpy() for k, v in inputs.items()})
        worst["encoder"] = max(worst["encoder"], largest(ours, states))
        mask = inputs.get("attention_mask", torch.ones(states.shape[:2], dtype=torch.long))
        tokens, logits = [np.full(len(ours), token) for token in prompt], []
        logits.append(decoder.start(ours, mask.numpy(), prompt))
        for _ in range(steps - 1):
            tokens.append(logits[-1].argmax(-1))
            logits.append(decoder.step(tokens[-1]))
        ids = torch.tensor(np.stack(tokens, 1))
        extra = {"attention_mask": mask} if model.config.model_type == "t5" else {}
        full = model(
            encoder_outputs=(states,), decoder_input_ids=ids, use_cache=False, output_attentions=attentions, **extra
        )
        theirs = full.logits[:, len(prompt) - 1 :]
        worst["logits"] = max(worst["logits"], largest(np.stack(logits, 1), theirs))
        for layer, theirs in enumerate(full.cross_attentions if attentions else ()):
            ours = np.concatenate([call[layer] for call in decoder.attentions], 2)
            worst["attentions"] = max(worst["attentions"], largest(ours, theirs))
    print(
        f"{folder.name}: largest difference to PyTorch over {len(cases)} cases, {steps} greedy steps:",
        worst,
        flush=True,
    )
    assert max(worst.values()) <= TOLERANCE, worst
    return worst
