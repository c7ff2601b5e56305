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
    """A merged decoder behind `start(states, mask)` and `step(tokens)`."""

    def __init__(self, path, threads=1):
        self.session = session(path, threads)
        self.outputs = [o.name for o in self.session.get_outputs()]
        self.cache = {i.name: i.shape for i in self.session.get_inputs() if i.name.startswith("past_key_values")}
        self.t5 = any(i.name == "encoder_attention_mask" for i in self.session.get_inputs())

    def start(self, states, mask, token):
        self.mask, batch = mask, len(states)
        self.empty_states = np.zeros((batch, 0, states.shape[2]), np.float32)
        self.past = {n: np.zeros((batch, s[1], 0, s[3]), np.float32) for n, s in self.cache.items()}
        return self._run(np.full((batch, 1), token, np.int64), states, False)

    def step(self, tokens):
        return self._run(np.asarray(tokens, np.int64)[:, None], self.empty_states, True)

    def _run(self, ids, states, cached):
        feed = {"input_ids": ids, "encoder_hidden_states": states, "use_cache_branch": np.array([cached])}
        if self.t5:
            feed["encoder_attention_mask"] = self.mask
        names = [n for n in self.outputs if not (cached and ".encoder." in n)]
        values = dict(zip(names, self.session.run(names, feed | self.past)))
        for name, value in values.items():
            if name != "logits":
                self.past[name.replace("present", "past_key_values")] = value
        return values["logits"][:, -1]


def greedy(decoder, states, mask, start, end, limit, banned=(), with_scores=False):
    """Greedy ids [B][n] (without start and end); with_scores: also the mean log-probability."""
    logits = decoder.start(states, mask, start)
    done, out = np.zeros(len(states), bool), [[] for _ in states]
    total, count = np.zeros(len(states)), np.zeros(len(states))
    for _ in range(limit):
        logits[:, list(banned)] = -np.inf
        token = logits.argmax(-1)
        if with_scores:
            top = logits.max(-1)
            total += np.where(done, 0, -np.log(np.exp(logits - top[:, None]).sum(-1)))
            count += ~done
        for i in np.nonzero(~done)[0]:
            if token[i] != end:
                out[i].append(int(token[i]))
        done |= token == end
        if done.all():
            break
        logits = decoder.step(np.where(done, end, token))
    return (out, total / np.maximum(count, 1)) if with_scores else out


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
def compare(model, folder, cases, steps=20):
    """`cases`: list of encoder inputs {name: tensor}. Asserts encoder and logits within 1e-4."""
    encoder = session(folder / "onnx/encoder_model.onnx")
    decoder = Decoder(folder / "onnx/decoder_model_merged.onnx")
    config, worst = model.config, {"encoder": 0.0, "logits": 0.0}
    for inputs in cases:
        states = reference_states(model, inputs)
        (ours,) = encoder.run(None, {k: v.numpy() for k, v in inputs.items()})
        worst["encoder"] = max(worst["encoder"], largest(ours, states))
        mask = inputs.get("attention_mask", torch.ones(states.shape[:2], dtype=torch.long))
        tokens, logits = [np.full(len(ours), config.decoder_start_token_id)], []
        logits.append(decoder.start(ours, mask.numpy(), config.decoder_start_token_id))
        for _ in range(steps - 1):
            tokens.append(logits[-1].argmax(-1))
            logits.append(decoder.step(tokens[-1]))
        ids = torch.tensor(np.stack(tokens, 1))
        extra = {"attention_mask": mask} if config.model_type == "t5" else {}
        full = model(encoder_outputs=(states,), decoder_input_ids=ids, use_cache=False, **extra).logits
        worst["logits"] = max(worst["logits"], largest(np.stack(logits, 1), full))
    print(
        f"{folder.name}: largest difference to PyTorch over {len(cases)} cases, {steps} greedy steps:",
        worst,
        flush=True,
    )
    assert max(worst.values()) <= TOLERANCE, worst
    return worst
