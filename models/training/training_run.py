"""What both training loops share: schedule, checkpoints that a run goes on from, their average."""

import argparse
import json
import math
import os
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

AVERAGED = 6  # checkpoints in the last tenth of the run


def share_of_rate(step, steps, warmup):
    """Of the peak rate: linear warm-up, then a half cosine down to 2 %."""
    return min(1, (step + 1) / warmup) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, step / steps))))


def training_arguments(doc, recipes):
    """The options that both trainings take; `recipes`: what each size is trained with."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--size", choices=list(recipes), required=True)
    parser.add_argument("--steps", type=int, help="default: the recipe's")
    parser.add_argument("--weights", type=Path, help="go on from these weights of the same size (export.read_back)")
    parser.add_argument("--threads", type=int, default=1)
    return parser


def set_up(args, recipe, seed):
    """Threads and seed; returns (steps, device)."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(seed)
    return args.steps or recipe["steps"], "cuda" if torch.cuda.is_available() else "cpu"


class MuonAndAdam:
    """Muon for the matrices of the layers, AdamW for tables, convolutions, norms and biases.

    Muon's steps are scaled to the size of AdamW's, so that both take one rate (Liu et al. 2025,
    arXiv 2502.16982). `named`: (name, parameter); `tables`: parts of the names of matrices that are
    no layer's; `factor(name)`: share of the rate that a parameter takes.
    """

    def __init__(self, named, rate, weight_decay, tables, factor=lambda name: 1.0):
        matrices, others = {}, {}
        for name, parameter in named:
            layer = parameter.dim() == 2 and not any(t in name for t in tables)
            (matrices if layer else others).setdefault(factor(name), []).append(parameter)
        groups = lambda by_factor: [{"params": p, "factor": f} for f, p in by_factor.items()]
        options = {"lr": rate, "weight_decay": weight_decay}
        self.rate = rate
        self.parts = [
            torch.optim.Muon(groups(matrices), **options, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(groups(others), **options, betas=(0.9, 0.98), eps=1e-9, fused=True),
        ]

    def step(self, share):
        """One step at `share` (0 to 1) of the rate."""
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = self.rate * share * group["factor"]
            part.step()
            part.zero_grad()

    def state_dict(self):
        return [part.state_dict() for part in self.parts]

    def zero_grad(self):
        for part in self.parts:
            part.zero_grad()

    def load_state_dict(self, states):
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)


def write_atomically(path, write):
    temporary = Path(path).with_suffix(".tmp")
    write(temporary)
    os.replace(temporary, path)


class Run:
    """Folder of one training run: `resume.pt` and the one before it, the last snapshots and, at the end,
    `final.safetensors`."""

    def __init__(self, folder, steps, minutes_between=4):
        self.folder, self.steps = Path(folder), steps
        self.folder.mkdir(parents=True, exist_ok=True)
        self.every, self.saved, self.spent = 60 * minutes_between, time.time(), 0.0
        self.started = time.time()

    def resume(self, modules, optimizer):
        """Step to go on from; 0 for a new run."""
        paths = [self.folder / name for name in ("resume.pt", "resume-before.pt")]
        path = next((p for p in paths if p.exists()), None)
        if path is None:
            return 0
        state = torch.load(path, weights_only=True)
        for module, values in zip(modules, state["modules"], strict=True):
            module.load_state_dict(values)
        optimizer.load_state_dict(state["optimizer"])
        self.spent = state["seconds"]
        return state["step"]

    @property
    def seconds(self):
        """Training time so far, of all sessions of the run."""
        return self.spent + time.time() - self.started

    def after_step(self, step, modules, optimizer):
        """Keeps what has to be kept; True where the caller should also look at dev."""
        gap = max(1, self.steps // (10 * AVERAGED))
        left = self.steps - step
        if left % gap == 0 and left // gap < AVERAGED:
            save_weights(modules[0], self.folder / f"last-{left // gap}.safetensors")
        if time.time() - self.saved < self.every and left:
            return False
        state = {
            "modules": [m.state_dict() for m in modules], "optimizer": optimizer.state_dict(), "step": step,
            "seconds": self.seconds,
        }  # fmt: skip
        path = self.folder / "resume.pt"
        if path.exists():
            os.replace(path, self.folder / "resume-before.pt")
        write_atomically(path, lambda p: torch.save(state, p))
        save_weights(modules[0], self.folder / "current.safetensors")
        self.saved = time.time()
        return True

    def finish(self, model, facts):
        """Writes the average of the last snapshots and loads it into the model."""
        snapshots = [load_file(self.folder / f"last-{i}.safetensors") for i in range(AVERAGED)]
        mean = {name: sum(s[name] for s in snapshots) / AVERAGED for name in snapshots[0]}
        write_atomically(self.folder / "final.safetensors", lambda path: save_file(mean, path, {"format": "pt"}))
        facts = {**facts, "steps": self.steps, "minutes": round(self.seconds / 60, 1)}
        (self.folder / "training.json").write_text(json.dumps(facts, indent=2) + "\n")
        load_weights(model, self.folder / "final.safetensors")


def save_weights(model, path):
    """Each stored tensor once: tied weights share their memory."""
    seen, state = set(), {}
    for name, value in model.state_dict().items():
        if value.data_ptr() not in seen:
            seen.add(value.data_ptr())
            state[name] = value.detach().clone().contiguous()
    write_atomically(path, lambda p: save_file(state, p, {"format": "pt"}))


def load_weights(model, path):
    missing, unexpected = model.load_state_dict(load_file(path), strict=False)
    tied = set(getattr(model, "all_tied_weights_keys", {})) | {"proj_out.weight", "lm_head.weight"}
    assert not unexpected and set(missing) <= tied, (missing, unexpected)
    model.tie_weights()
    return model
