"""The bundled models: names, where their checkpoints lie, and how to load one."""

from dataclasses import dataclass
from pathlib import Path

import speech.model
import translation.model
from training_run import load_weights

TRAINING = Path(__file__).resolve().parent
MODELS = TRAINING.parent
ROOT = MODELS.parent
RESULTS = TRAINING / "results"
PARTS = {"speech": speech.model, "translation": translation.model}


@dataclass(frozen=True)
class Starter:
    name: str
    kind: str  # "speech" | "translation"
    size: str  # "s" | "m"

    @property
    def folder(self):
        return MODELS / self.name

    def run(self, work):
        """Folder of the training run."""
        return Path(work) / f"{self.kind}-{self.size}"

    def new(self):
        """The model with weights drawn at random."""
        return PARTS[self.kind].make_model(self.size)

    def load(self, work, checkpoint="final"):
        """The trained model as a `transformers` model. checkpoint: "final" | "current"."""
        return load_weights(self.new(), self.run(work) / f"{checkpoint}.safetensors").eval()


STARTERS = {
    s.name: s
    for s in (
        Starter("starter-asr-en-s", "speech", "s"),
        Starter("starter-asr-en-m", "speech", "m"),
        Starter("starter-mt-en-de-s", "translation", "s"),
        Starter("starter-mt-en-de-m", "translation", "m"),
    )
}
