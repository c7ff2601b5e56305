"""The benchmark's end of CTranslate2 in a process of its own: models as `make-models.py` and
`convert-starters.py` write them, the features as faster-whisper makes them, greedy."""

from pathlib import Path

import ctranslate2
import numpy as np

import worker


def recogniser(setup, folder, options):
    from faster_whisper.feature_extractor import FeatureExtractor

    model = ctranslate2.models.Whisper(str(folder), **options)
    extract = FeatureExtractor()
    windows = worker.read_windows(setup)
    frames = windows.shape[1] // extract.hop_length

    def run(batch):
        features = np.stack([extract(windows[i])[:, :frames] for i in batch]).astype(np.float32)
        states = model.encode(ctranslate2.StorageView.from_array(features), to_cpu=False)
        results = model.generate(
            states, [setup["prompt"]] * len(batch), beam_size=1, suppress_blank=False,
            # Half of this length may be generated.
            suppress_tokens=setup["suppressed"], max_length=2 * setup["mostTokens"], return_scores=True,
        )  # fmt: skip
        return [result.sequences_ids[0] for result in results]

    return run


def translator(setup, folder, options, tokenizer):
    model = ctranslate2.Translator(str(folder), **options)

    def run(batch):
        tokens = [tokenizer.encode(setup["inputs"][i]).tokens for i in batch]
        results = model.translate_batch(
            tokens, beam_size=1, return_scores=True, min_decoding_length=setup["fewestTokens"],
            max_decoding_length=setup["mostTokens"],
        )  # fmt: skip
        return [[tokenizer.token_to_id(token) for token in result.hypotheses[0]] for result in results]

    return run


def main():
    setup = worker.read_setup()
    tokenizer = worker.read_tokenizer(setup)
    options = {
        "device": "cpu", "compute_type": setup["type"], "inter_threads": 1, "intra_threads": setup["threads"],
    }  # fmt: skip
    folder = Path(setup["directory"]) / f"ctranslate2-{setup['type']}"
    if setup["task"] == "transcribe":
        run = recogniser(setup, folder, options)
    else:
        run = translator(setup, folder, options, tokenizer)
    worker.serve(setup, ctranslate2.__version__, tokenizer, run)


if __name__ == "__main__":
    main()
